/** What a measuring process is asked, and what it answers. */
import type { Kernels } from '../../src/runtime/kernels/kernels.ts';
import type { Case, StudentName } from './case.ts';
import type { Ceiling } from './ceiling.ts';
import type { CheckedCase } from './check.ts';
import type { RetortName, SeatName } from './contestants/names.ts';
import type { Work } from './operations.ts';
import type { Sampling } from './sampling.ts';

/** A contestant with a student. */
export interface Entry {
  readonly contestant: SeatName;
  readonly student: StudentName;
  /** How many ids there are to draw from. */
  readonly vocabSize: number;
  /** Folder of what `writeFiles` and `writeCeilingModules` left. */
  readonly folder: string;
}

/** What a process does once: the first answer of a process; or a look inside. */
export type Job = (Entry & { readonly kind: 'start' }) | ProfileJob;

/** Runs a student of Retort with a clock around every primitive. */
export interface ProfileJob extends Entry, Omit<Case, 'student'> {
  readonly kind: 'profile';
  readonly contestant: RetortName;
  /** How long to run each thing that is timed, and as long to warm up before. */
  readonly budgetMs: number;
}

/** The first answer of a process. */
export interface StartAnswer {
  readonly firstLoadMs: number;
  readonly rssMb: number;
}

/** Where the time of a student goes. */
export interface ProfileAnswer {
  /** Median of a call without clocks inside. */
  readonly p50Ms: number;
  /** Parts of the time that was spent in primitives, the largest first. */
  readonly shares: readonly { readonly primitive: keyof Kernels; readonly share: number }[];
  /** What a call computes, part by part. */
  readonly work: Work;
  /** Billions of operations a second while in a primitive; null where the student has none. */
  readonly gops: { readonly matmulInt8: number | null; readonly attention: number | null };
  readonly ceiling: Ceiling;
}

/** What a job of each kind is answered. */
interface Answers {
  readonly start: StartAnswer;
  readonly profile: ProfileAnswer;
}

/** Null where the contestant cannot run the student. */
export type Answer<J extends Job = Job> = Answers[J['kind']] | null;

/** A contestant that stays ready between its turns. */
export interface SeatPlan extends Entry {
  /** Answers to all of them are checked before the first turn. */
  readonly cases: readonly CheckedCase[];
  /** Calls of each case before the first turn, so that the engine has compiled what it will. */
  readonly warmUpMs: number;
}

/** Times a call of the case at an index, or from bytes to a first answer. */
export interface Turn {
  readonly what: number | 'load';
  readonly sampling: Sampling;
}
