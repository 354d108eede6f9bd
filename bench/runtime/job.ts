/** What a measuring process is asked, and what it answers. */
import type { StudentName } from './case.ts';
import type { CheckedCase } from './check.ts';
import type { ContestantName } from './contestants/names.ts';
import type { Sampling } from './sampling.ts';

/** Times every case of a student in one process; or takes the first answer of a process alone. */
export type Job = {
  readonly contestant: ContestantName;
  readonly student: StudentName;
  /** Folder of the files that `writeFiles` left. */
  readonly folder: string;
} & (
  | { readonly kind: 'latency'; readonly cases: readonly CheckedCase[]; readonly sampling: Sampling }
  | { readonly kind: 'start' }
);

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

/** Null where the contestant cannot run the student. */
export type Answer<J extends Job = Job> = (J extends { kind: 'start' } ? StartAnswer : LatencyAnswer) | null;
