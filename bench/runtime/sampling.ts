/** Samples of a call: warmed up, each sample as many calls as the clock needs, for functions that answer later as well. */

/** Shortest sample, so that a clock of microseconds tells it within a few percent. */
const SAMPLE_MS = 0.05;

/** Samples of a case: enough for a 95th percentile, */
const LEAST_SAMPLES = 20;
/** unless they would take longer than this, as of the slowest calls; then these are enough for a median. */
const LONGEST_MS = 1000;
const FEWEST_SAMPLES = 3;

/** How long to run. */
export interface Sampling {
  readonly warmUpMs: number;
  /** Samples are taken for as long, 20 of them at least; fewer of a call that would take a second for so many. */
  readonly budgetMs: number;
  /** Least of one sample; 0.05 by default. */
  readonly sampleMs?: number;
}

/** @returns milliseconds of a call, one number a sample, in rising order */
export async function sample(run: () => unknown, sampling: Sampling): Promise<number[]> {
  const { warmUpMs, budgetMs, sampleMs = SAMPLE_MS } = sampling;
  for (const end = performance.now() + warmUpMs; performance.now() < end; ) await timeOf(run, 1);
  let runs = 1;
  // Twice, so that one pause of the machine does not pass for a long sample.
  while ((await timeOf(run, runs)) < sampleMs || (await timeOf(run, runs)) < sampleMs) runs *= 2;
  const times: number[] = [];
  const started = performance.now();
  const hasTime = (count: number): boolean => {
    if (count < FEWEST_SAMPLES) return true;
    return performance.now() - started < (count < LEAST_SAMPLES ? LONGEST_MS : budgetMs);
  };
  while (hasTime(times.length)) times.push((await timeOf(run, runs)) / runs);
  return times.sort((a, b) => a - b);
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
