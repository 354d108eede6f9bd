/** A measuring process: it does one job, and prints the answer as JSON; or it seats a contestant, and takes turns. */
import { inputOf } from './case.ts';
import type { StudentFiles } from './contestants/contestant.ts';
import { loadContestant } from './contestants/index.ts';
import type { Answer, Job, SeatPlan, StartAnswer, Turn } from './job.ts';
import { FIRST, firstFault, seatContestant, type TakeTurn } from './seat.ts';
import { settle } from './settle.ts';
import { readFiles } from './student-files.ts';

/** Calls of each case between two looks at what they leave to other threads. */
const SETTLING = { warmUpMs: 50, budgetMs: 0 };

/** Does the job. */
export async function work(job: Job): Promise<Answer> {
  const files = await readFiles(job.folder, job.student);
  return job.kind === 'profile' ? (await import('./profile.ts')).profile(job, files) : start(job, files);
}

/** Nothing of the contestant is in memory before. */
async function start(job: Job, files: StudentFiles): Promise<StartAnswer | null> {
  const input = inputOf(FIRST, job.vocabSize);
  const idleBytes = process.memoryUsage.rss();
  const contestant = await loadContestant(job);
  if (contestant === null) return null;
  const started = performance.now();
  const runner = await contestant.load(files);
  await runner.prepare(input)();
  const firstLoadMs = performance.now() - started;
  return { firstLoadMs, rssMb: (process.memoryUsage.rss() - idleBytes) / 2 ** 20 };
}

/**
 * Says whether the contestant can run the student, and then takes the turns that the parent sends until it ends the
 * process. Throws where an answer is wrong.
 */
export async function serveSeat(plan: SeatPlan): Promise<void> {
  const takeTurn = await takeSeat(plan, await readFiles(plan.folder, plan.student));
  process.on('message', async (turn: Turn) => process.send!(await takeTurn!(turn)));
  process.send!(takeTurn !== null);
}

/**
 * The seat of a contestant whose engine has nothing left to do. ONNX Runtime in Node multiplies signed weights wrong on
 * some processors; there it gets the unsigned ones.
 */
async function takeSeat(plan: SeatPlan, files: StudentFiles): Promise<TakeTurn | null> {
  const formats =
    plan.contestant === 'onnxruntime-node-int8' ? (['onnxInt8', 'onnxUint8'] as const) : ['onnxInt8' as const];
  let fault: string | null = null;
  for (const format of formats) {
    const contestant = await loadContestant(plan, format);
    if (contestant === null) return null;
    const runner = await contestant.load(files);
    fault = await firstFault(plan, runner);
    if (fault === null) {
      const takeTurn = await seatContestant(plan, contestant, runner, files);
      const isSettled = await settle(async () => {
        for (const what of [...plan.cases.keys(), 'load' as const]) await takeTurn({ what, sampling: SETTLING });
      });
      if (!isSettled) console.error(`${plan.contestant}, ${plan.student}: its threads still work; they slow its turns`);
      return takeTurn;
    }
    await runner.dispose();
  }
  throw new Error(fault!);
}
