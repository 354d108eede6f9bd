/** What a measuring process is asked, and what it answers. */
import type { Case, StudentName } from './case.ts';
import type { ContestantName } from './contestants/names.ts';
import type { Sampling } from './sampling.ts';

/** Times every case of a student in one process; or takes the first answer of a process alone. */
export type Job = {
  readonly contestant: ContestantName;
  readonly student: StudentName;
  /** Folder of the files that `writeFiles` left. */
  readonly folder: string;
} & (
  | { readonly kind: 'latency'; readonly cases: readonly Case[]; readonly sampling: Sampling; readonly loads: number }
  | { readonly kind: 'start' }
);

/** Times of a case, and what was answered. */
export interface Latency {
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** F32 bits of the answers, in hexadecimal digits. */
  readonly answers: string;
}

/** Every case, in the order of the job; and how long loading takes once everything is warm. */
export interface LatencyAnswer {
  readonly latencies: readonly Latency[];
  readonly warmLoadMs: number;
}

/** The first answer of a process. */
export interface StartAnswer {
  readonly loadMs: number;
  readonly rssMb: number;
}

/** Null where the contestant cannot run the student. */
export type Answer<J extends Job = Job> = (J extends { kind: 'start' } ? StartAnswer : LatencyAnswer) | null;
