/**
 * Times a synchronous function in a page, where the clock is coarse on purpose: up to 100 µs a tick
 * (w3.org/TR/hr-time-3, section 8.1), and many students answer faster. So each sample is the mean over as many calls
 * as fill several ticks.
 */
import type { Latency } from '../messages.ts';

const SAMPLES = 20;
/** Long enough for ten ticks of the coarsest clock. */
const SAMPLE_MS = 1;
/** Keeps a fast function from being called without end where the clock stands still. */
const MAX_CALLS = 4096;

/** Times `call`, which has run before; null where the clock does not show it. Takes at least 20 ms. */
export function timeCalls(call: () => void): Latency | null {
  const times: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const start = performance.now();
    let elapsed = 0;
    let calls = 0;
    while (elapsed < SAMPLE_MS && calls < MAX_CALLS) {
      call();
      calls++;
      elapsed = performance.now() - start;
    }
    if (elapsed === 0) return null;
    times.push(elapsed / calls);
  }
  times.sort((a, b) => a - b);
  return { p50_ms: times[SAMPLES / 2 - 1]!, p95_ms: times[SAMPLES * 0.95 - 1]!, runs: SAMPLES };
}
