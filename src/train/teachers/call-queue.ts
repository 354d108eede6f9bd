/** Calls in the order in which they came, as many at once as their model can work on, and not without end. */
import { BusyError } from '../../format/index.ts';

/** A queue in front of one model. */
export class CallQueue {
  readonly #name: string;
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /**
   * @param name of the model, for messages
   * @param atOnce calls under way at once, at least 1
   * @param maxWaiting calls that wait for their turn
   */
  constructor(name: string, atOnce: number, maxWaiting: number) {
    this.#name = name;
    this.#atOnce = atOnce;
    this.#maxWaiting = maxWaiting;
  }

  /**
   * Runs `call` when it is its turn; one that is aborted before then leaves the queue, one that runs is waited for.
   *
   * @throws what `call` throws, the reason of `signal`, or BusyError where as many calls wait as may
   */
  async run<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    // Whoever is done hands on its place, which is why it is not counted again.
    if (this.#running === this.#atOnce) await this.#turn(signal);
    else this.#running++;
    try {
      return await call();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.length === this.#maxWaiting) {
      throw new BusyError(`${this.#name}: expected at most ${this.#maxWaiting} waiting calls, got one more; try later`);
    }
    return new Promise((resolve, reject) => {
      const start = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1);
        reject(signal?.reason as Error);
      };
      this.#waiting.push(start);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }
}
