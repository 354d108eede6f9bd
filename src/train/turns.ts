/** Lets the event loop run in the middle of long computations, so that Ctrl-C and others get their turn. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest time that a computation keeps everyone else waiting. */
const TURN_MS = 50;

/** Counts the time since everyone else had a turn. */
export class Turns {
  #last = performance.now();

  /**
   * Where the time is over, lets everyone else run.
   *
   * @throws the reason of `signal`
   */
  async yield(signal?: AbortSignal): Promise<void> {
    if (performance.now() - this.#last >= TURN_MS) {
      await nextTurn();
      this.#last = performance.now();
    }
    signal?.throwIfAborted();
  }
}
