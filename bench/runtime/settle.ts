/**
 * Threads of an engine work on what calls leave to them, such as compiling what is called often: onnxruntime-web leaves
 * seconds of it. A contestant that sleeps between its turns would have them go on in its turns, on the one processor that
 * it has, beside what is timed there.
 */
import { setTimeout } from 'node:timers/promises';

/** Looks at the processor's clock are as far apart. */
const PAUSE_MS = 20;
/** Of a pause, on which the process slept. */
const IDLE_PART = 0.1;
/** Garbage collection may leave a little each time. */
const MOST_ROUNDS = 10;

/** Calls `run` until it leaves nothing to other threads, which are waited for. */
export async function settle(run: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    await run();
    if (await isIdle()) return;
    while (!(await isIdle()));
  }
}

/** Whether no thread of this process has run for a moment. */
async function isIdle(): Promise<boolean> {
  const before = process.cpuUsage();
  await setTimeout(PAUSE_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 < IDLE_PART * PAUSE_MS;
}
