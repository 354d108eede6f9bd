/** `teacher-record.json`: how a teacher was made, as an experiment; beside the `teacher.json` that it is. */
import type { ResolvedConfig } from '../config/config.ts';
import type { DatasetMetrics, SeedRun } from '../distill/metrics.ts';
import { type CodeVersion, codeVersion } from './code-version.ts';
import { describeMachine, type Machine } from './machine.ts';
import { withoutSecrets } from './secrets.ts';

const VERSION = 1;

/** What was measured. */
export interface MadeTeacher {
  readonly dataset: DatasetMetrics;
  readonly backend: string;
  readonly seed: number;
  readonly teacher: SeedRun['teacher'] & { readonly name: string };
  /** Wall-clock seconds of each stage; of a run that was stopped, those of its last part. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** Everything that is known of the making of a teacher. */
export interface TeacherRecord extends MadeTeacher {
  readonly version: typeof VERSION;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly code: CodeVersion;
  /** With all defaults; a function that loads data is the word `function`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly machine: Machine;
  /** Most memory that the process had at once, its threads included, in bytes. */
  readonly peakMemoryBytes: number;
}

/** Puts the record of a teacher together that is ready now. */
export async function recordTeacher(
  config: ResolvedConfig,
  startedAt: Date,
  made: MadeTeacher,
): Promise<TeacherRecord> {
  const { data } = config;
  return {
    version: VERSION,
    startedAt: startedAt.toISOString(),
    code: await codeVersion(),
    config: withoutSecrets({ ...config, data: typeof data === 'function' ? 'function' : data }, process.env),
    machine: describeMachine(),
    peakMemoryBytes: 1024 * process.resourceUsage().maxRSS,
    ...made,
  };
}
