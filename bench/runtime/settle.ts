/**
 * Threads of an engine work on what calls leave to them, such as compiling what is called often: onnxruntime-web leaves
 * seconds of it. A contestant that sleeps between its turns would have them go on in its turns, on the one processor that
 * it has, beside what is timed there.
 */
import { setTimeout } from 'node:timers/promises';

/** A process is looked at for as long. */
const LOOK_MS = 20;
/** It is idle where it ran for less of that. */
const IDLE_BELOW = 0.1;
/** Garbage collection may leave a little each time. */
const MOST_ROUNDS = 10;
const DEADLINE_MS = 60_000;

/**
 * Calls `run` until it leaves nothing to other threads, which are waited for.
 *
 * @returns whether that came, in ten rounds and a minute
 */
export async function settle(run: () => Promise<unknown>): Promise<boolean> {
  const deadline = performance.now() + DEADLINE_MS;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    await run();
    if (await isIdle()) return true;
    while (!(await isIdle())) {
      if (performance.now() > deadline) return false;
    }
  }
  return false;
}

/** Whether no thread of this process has run for a moment. */
async function isIdle(): Promise<boolean> {
  const before = process.cpuUsage();
  await setTimeout(LOOK_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 < IDLE_BELOW * LOOK_MS;
}
