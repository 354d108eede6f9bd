/** Latency of one text after another, warm. */
import { Turns } from '../turns.ts';

/** Milliseconds. */
export interface Latency {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** What is timed: a predictor, or anything that answers texts as one does. */
export interface Timed {
  predict(texts: readonly string[]): unknown;
}

/** How long to measure. */
export interface LatencyRuns {
  readonly warmup: number;
  readonly runs: number;
}

/** The text that stands in the middle when `texts` are sorted by length. */
export function medianText(texts: readonly string[]): string {
  const sorted = [...texts].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return sorted[Math.floor(sorted.length / 2)];
}

/** Times `runs` predictions of `text`, one at a time, after `warmup` that are not counted. */
export async function measureLatency(
  predictor: Timed,
  text: string,
  { warmup, runs }: LatencyRuns,
  signal?: AbortSignal,
): Promise<Latency> {
  const times: number[] = [];
  const turns = new Turns();
  for (let run = -warmup; run < runs; run++) {
    await turns.yield(signal);
    const started = performance.now();
    const answer = predictor.predict([text]);
    // A student answers at once; awaiting it would add the event loop's time.
    if (answer instanceof Promise) await answer;
    if (run >= 0) times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return { p50Ms: percentile(times, 0.5), p95Ms: percentile(times, 0.95) };
}

/** The smallest value that at least the fraction `rank` of the sorted values do not exceed (nearest-rank percentile). */
function percentile(sorted: readonly number[], rank: number): number {
  return sorted[Math.max(0, Math.ceil(rank * sorted.length) - 1)];
}
