/** Samples of a call: warmed up, each sample as many calls as the clock needs, for functions that answer later as well. */

/** How long to run. */
export interface Sampling {
  /** Calls before any is timed, one at least, and until the clock has moved. */
  readonly warmUpMs: number;
  /** Samples are taken for as long, one at least. */
  readonly budgetMs: number;
  /** Least of one sample, so that a clock of microseconds tells it within a few percent; 0.05 by default. */
  readonly sampleMs?: number;
}

/** @returns milliseconds of a call, one number a sample */
export async function sample(run: () => unknown, { warmUpMs, budgetMs, sampleMs = 0.05 }: Sampling): Promise<number[]> {
  let calls = 0;
  const started = performance.now();
  let spentMs = 0;
  // Some clocks tick in milliseconds.
  while (spentMs === 0 || spentMs < warmUpMs) {
    await timeOf(run, 1);
    calls++;
    spentMs = performance.now() - started;
  }
  const runs = Math.max(1, Math.ceil((sampleMs * calls) / spentMs));
  const times: number[] = [];
  const end = performance.now() + budgetMs;
  do times.push((await timeOf(run, runs)) / runs);
  while (performance.now() < end);
  return times;
}

/** Milliseconds of `runs` calls. */
async function timeOf(run: () => unknown, runs: number): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < runs; i++) {
    const answer = run();
    // Waiting for what is there already would be a cost that callers do not have.
    if (answer instanceof Promise) await answer;
  }
  return performance.now() - started;
}
