/** Wall-clock seconds of the stages of a run. */
import type { Stage } from '../progress.ts';

/** Times stages, one after the other; what comes again is added. */
export class StageClock {
  readonly seconds: Record<string, number> = {};

  async time<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    this.seconds[stage] = (this.seconds[stage] ?? 0) + (performance.now() - started) / 1000;
    return result;
  }
}
