/** Samples of a call: warmed up, each sample as many calls as the clock needs, for functions that answer later as well. */

/** Shortest sample, so that a clock of microseconds tells it within a few percent. */
const SAMPLE_MS = 0.05;

/** Samples of a slow call end after this time, and not before there are enough for a 95th percentile. */
const LONGEST_MS = 5000;
const LEAST_SAMPLES = 20;

/** How long and how often to run. */
export interface Sampling {
  readonly warmUpMs: number;
  /** Fewer where they would take more than 5 seconds, but 20 at least. */
  readonly samples: number;
  /** Least of one sample; 0.05 by default. */
  readonly sampleMs?: number;
}

/** @returns milliseconds of a call, one number a sample, in rising order */
export async function sample(run: () => unknown, sampling: Sampling): Promise<number[]> {
  const { warmUpMs, samples, sampleMs = SAMPLE_MS } = sampling;
  for (const end = performance.now() + warmUpMs; performance.now() < end; ) await timeOf(run, 1);
  let runs = 1;
  while ((await timeOf(run, runs)) < sampleMs) runs *= 2;
  const times: number[] = [];
  const end = performance.now() + LONGEST_MS;
  while (times.length < samples && (times.length < LEAST_SAMPLES || performance.now() < end)) {
    times.push((await timeOf(run, runs)) / runs);
  }
  return times.sort((a, b) => a - b);
}

/** The value at `rank`, 0 to 1, of numbers in rising order. */
export function quantile(sorted: readonly number[], rank: number): number {
  return sorted[Math.max(0, Math.ceil(rank * sorted.length) - 1)];
}

/** The median of numbers in any order. */
export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
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
