/** Lets requests start no faster than an endpoint allows, and all of them wait where it asks one to. */
import { wait } from './wait.ts';

/** The turns of one endpoint. */
export class Pacer {
  readonly #intervalMs: number;
  #nextMs = 0;
  #heldUntilMs = 0;

  /** @param requestsPerMinute null for no limit */
  constructor(requestsPerMinute: number | null) {
    this.#intervalMs = requestsPerMinute === null ? 0 : 60_000 / requestsPerMinute;
  }

  /** Resolves when a request may start. @throws the reason of `signal` */
  async turn(signal: AbortSignal | undefined): Promise<void> {
    const now = performance.now();
    const startMs = Math.max(now, this.#nextMs);
    this.#nextMs = startMs + this.#intervalMs;
    await wait(startMs - now, signal);
    while (this.#heldUntilMs > performance.now()) await wait(this.#heldUntilMs - performance.now(), signal);
  }

  /** No request starts for so long, whoever asks. */
  hold(ms: number): void {
    this.#heldUntilMs = Math.max(this.#heldUntilMs, performance.now() + ms);
  }
}
