/** A contestant that is ready: loaded, its answers checked, and timed whenever it is its turn. */
import { type Case, inputOf } from './case.ts';
import { faultOf } from './check.ts';
import type { Contestant, Runner, StudentFiles } from './contestants/contestant.ts';
import type { SeatPlan, Turn } from './job.ts';
import { sample } from './sampling.ts';

/** The least input, one text of the first length: what a load is timed to. */
export const FIRST: Omit<Case, 'student'> = { seqLen: 16, batch: 1 };

/** @returns milliseconds of a call, one number a sample */
export type TakeTurn = (turn: Turn) => Promise<readonly number[]>;

/** Warms a contestant up whose answers are right. */
export async function seatContestant(
  plan: SeatPlan,
  contestant: Contestant,
  runner: Runner,
  files: StudentFiles,
): Promise<TakeTurn> {
  const load = firstAnswerOf(contestant, files, plan.vocabSize);
  const calls = plan.cases.map((one) => runner.prepare(inputOf(one, plan.vocabSize)));
  for (const call of [...calls, load]) await sample(call, { warmUpMs: plan.warmUpMs, budgetMs: 0 });
  return ({ what, sampling }) => sample(what === 'load' ? load : calls[what], sampling);
}

/** Something to time: from bytes to a first answer. */
export function firstAnswerOf(contestant: Contestant, files: StudentFiles, vocabSize: number): () => Promise<void> {
  const input = inputOf(FIRST, vocabSize);
  return async () => {
    const runner = await contestant.load(files);
    await runner.prepare(input)();
    await runner.dispose();
  };
}

/** What is wrong with the answers of a contestant, or null. */
export async function firstFault({ contestant, cases, vocabSize }: SeatPlan, runner: Runner): Promise<string | null> {
  for (const one of cases) {
    const answers = await runner.prepare(inputOf(one, vocabSize))();
    const fault = faultOf(contestant, one, answers);
    const what = `${contestant}, ${one.student}, ${one.batch} x ${one.seqLen} tokens`;
    if (fault !== null) return `${what}: ${fault}; nothing was timed`;
  }
  return null;
}
