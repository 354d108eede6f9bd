/** Timing that can be compared: warm-up, many samples, medians, contestants interleaved so that noise hits all alike. */
import { percentile } from '../src/train/evaluation/percentile.ts';

/** Something to time; each run is checked by the caller beforehand. */
export interface Contestant {
  readonly name: string;
  run(): unknown;
}

/** Milliseconds a run. */
export interface Timing {
  readonly name: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

const WARMUP_MS = 300;

/**
 * Times the contestants in turns.
 *
 * @param samples timed samples of each
 * @param runs runs of one sample: more where a single one is shorter than the clock can tell
 */
export function time(contestants: readonly Contestant[], samples: number, runs = 1): readonly Timing[] {
  for (const { run } of contestants) {
    for (const end = performance.now() + WARMUP_MS; performance.now() < end; ) run();
  }
  const times = contestants.map(() => [] as number[]);
  for (let sample = 0; sample < samples; sample++) {
    for (const [i, { run }] of contestants.entries()) {
      const started = performance.now();
      for (let k = 0; k < runs; k++) run();
      times[i].push((performance.now() - started) / runs);
    }
  }
  return contestants.map(({ name }, i) => {
    const sorted = times[i].sort((a, b) => a - b);
    return { name, p50Ms: percentile(sorted, 0.5), p95Ms: percentile(sorted, 0.95) };
  });
}

/** Throws where an answer is not the expected one: a fast wrong kernel is not measured. */
export function expectSame(subject: string, got: ArrayLike<number>, expected: ArrayLike<number>): void {
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(got[i], expected[i])) {
      throw new Error(`${subject}: expected ${expected[i]} at ${i}, got ${got[i]}; nothing was timed`);
    }
  }
}
