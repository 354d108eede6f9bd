/** What a measuring process is asked, and what it answers. */
import type { Kernels } from '../../src/runtime/kernels/kernels.ts';
import type { Case, StudentName } from './case.ts';
import type { Ceiling } from './ceiling.ts';
import type { CheckedCase } from './check.ts';
import type { ContestantName, RetortName } from './contestants/names.ts';
import type { Sampling } from './sampling.ts';

/** Times every case of a student in one process; or takes the first answer of a process alone; or looks inside. */
export type Job = {
  readonly contestant: ContestantName;
  readonly student: StudentName;
  /** Folder of the files that `writeFiles` left. */
  readonly folder: string;
} & (
  | { readonly kind: 'latency'; readonly cases: readonly CheckedCase[]; readonly sampling: Sampling }
  | { readonly kind: 'start' }
  | ProfileJob
);

/** Runs a student of Retort with a clock around every primitive. */
export interface ProfileJob extends Omit<Case, 'student'> {
  readonly kind: 'profile';
  readonly contestant: RetortName;
  /** How long to run, and as long to warm up before. */
  readonly budgetMs: number;
}

/** Times of a case, whose answers were right. */
export interface Latency {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Every case, in the order of the job; and how long it takes from bytes to a first answer once the engine is warm. */
export interface LatencyAnswer {
  readonly latencies: readonly Latency[];
  readonly loadMs: number;
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
  /** Operations of a call, a multiplication and an addition each. */
  readonly operations: { readonly matmulInt8: number; readonly attention: number };
  /** Billions of them a second while in a primitive; null where the student has none. */
  readonly gops: { readonly matmulInt8: number | null; readonly attention: number | null };
  readonly ceiling: Ceiling;
}

/** What a job of each kind is answered. */
interface Answers {
  readonly latency: LatencyAnswer;
  readonly start: StartAnswer;
  readonly profile: ProfileAnswer;
}

/** Null where the contestant cannot run the student. */
export type Answer<J extends Job = Job> = Answers[J['kind']] | null;
