/**
 * How long a predictor takes for one text at a time, warm: an engine compiles a student's code while it runs, and until
 * then a call takes several times as long.
 */
import type { Predictor } from '../runtime/index.ts';
import { type Clock, percentile } from './clock.ts';
import type { Latency } from './messages.ts';
import { nextTask } from './next-task.ts';

/** Longest warm-up: by then a `static` student runs at nearly its full speed in V8. */
const WARMUP_MS = 100;
/** Most calls of a warm-up; one that is warm already makes them in some 20 ms. */
const WARMUP_CALLS = 2000;
/** Calls after which a clock that has not moved stands still. */
const CLOCK_CALLS = 50;
/** Longest that a warm-up keeps the host from everything else. */
const TURN_MS = 10;

/** What is measured. */
export interface Timed {
  readonly predictor: Predictor;
  /** Taken in turns; at least one. */
  readonly texts: readonly string[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Asks a predictor until it is warm, within bounds.
 *
 * @throws the reason of `signal` once it is aborted
 */
export async function warmUp({ predictor, texts, clock, signal }: Timed): Promise<void> {
  const start = clock();
  let turn = start;
  for (let call = 0; call < WARMUP_CALLS; call++) {
    signal.throwIfAborted();
    await predictor.predict([texts[call % texts.length]!], { signal });
    const now = clock();
    if (now - start >= WARMUP_MS || (now === start && call >= CLOCK_CALLS)) return;
    if (now - turn < TURN_MS) continue;
    await nextTask();
    turn = clock();
  }
}

/**
 * Times `runs` calls of one text each; null where the clock is too coarse to see them.
 *
 * @throws the reason of `signal` once it is aborted
 */
export async function measureLatency(
  { predictor, texts, clock, signal }: Timed,
  runs: number,
): Promise<Latency | null> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    signal.throwIfAborted();
    const text = [texts[run % texts.length]!];
    const start = clock();
    const answer = predictor.predict(text, { signal });
    if (answer instanceof Promise) await answer;
    times.push(clock() - start);
  }
  const p95 = percentile(times, 0.95);
  return p95 > 0 ? { p50_ms: percentile(times, 0.5), p95_ms: p95, runs } : null;
}
