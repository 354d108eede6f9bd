/** `teacher-record.json`: how a teacher was made, as an experiment; beside the `teacher.json` that it is. */
import type { ResolvedConfig } from '../config/config.ts';
import type { DatasetMetrics, SeedRun } from '../distill/metrics.ts';
import type { TeachingSeconds } from '../distill/teach.ts';
import { describeMachine, type Machine } from './machine.ts';
import { type RecordHead, recordHead } from './record-head.ts';

const VERSION = 1;

/** What was measured. */
export interface MadeTeacher {
  readonly dataset: DatasetMetrics;
  readonly backend: string;
  readonly seed: number;
  readonly teacher: SeedRun['teacher'] & { readonly name: string };
  readonly seconds: TeachingSeconds;
}

/** Everything that is known of the making of a teacher. */
export interface TeacherRecord extends RecordHead, MadeTeacher {
  readonly version: typeof VERSION;
  readonly machine: Machine;
}

/** Puts the record of a teacher together that is ready now. */
export async function recordTeacher(
  config: ResolvedConfig,
  startedAt: Date,
  made: MadeTeacher,
): Promise<TeacherRecord> {
  return { version: VERSION, ...(await recordHead(config, startedAt)), machine: describeMachine(), ...made };
}
