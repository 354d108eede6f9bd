/**
 * `record.json`: a run as an experiment. It says what was run, with which code and on what data, and what came of it;
 * `report.html` is drawn from it and from nothing else.
 */
import { readFile } from 'node:fs/promises';
import { InputError } from '../../format/index.ts';
import type { ResolvedConfig } from '../config/config.ts';
import type { Disagreement } from '../distill/disagreements.ts';
import type { DistillationMetrics } from '../distill/metrics.ts';
import { type CodeVersion, codeVersion } from './code-version.ts';
import { withoutSecrets } from './secrets.ts';

const VERSION = 1;

/** The rows on which one student and the teacher differ most. */
export interface StudentDisagreements {
  readonly student: string;
  readonly rows: readonly Disagreement[];
}

/** Everything that is known of a run. */
export interface RunRecord {
  readonly version: typeof VERSION;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly code: CodeVersion;
  /** With all defaults; a function that loads data is the word `function`. Seeds, paths and backend included. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Most memory that the process had at once, its threads included, in bytes. */
  readonly peakMemoryBytes: number;
  /** Scores, epochs, times; the dataset's checksum and each seed's config hash. */
  readonly metrics: DistillationMetrics;
  /** Rows of test that the report shows. */
  readonly disagreements: readonly StudentDisagreements[];
}

/** Puts the record of a run together that ends now. */
export async function recordRun(
  config: ResolvedConfig,
  startedAt: Date,
  metrics: DistillationMetrics,
  disagreements: readonly StudentDisagreements[],
): Promise<RunRecord> {
  const { data } = config;
  return {
    version: VERSION,
    startedAt: startedAt.toISOString(),
    code: await codeVersion(),
    config: withoutSecrets({ ...config, data: typeof data === 'function' ? 'function' : data }, process.env),
    peakMemoryBytes: 1024 * process.resourceUsage().maxRSS,
    metrics,
    disagreements,
  };
}

/** The text of `record.json`. */
export function encodeRecord(record: RunRecord): string {
  return `${JSON.stringify(record, null, 1)}\n`;
}

/** @throws InputError with code `invalid_record` where `path` is no record of this version */
export async function readRecord(path: string): Promise<RunRecord> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw invalidRecord(path, cause.code === 'ENOENT' ? 'no such file; check the path' : String(cause.code), cause);
  });
  const record = parse(text);
  const isRecord = typeof record === 'object' && record !== null && 'version' in record && 'metrics' in record;
  if (!isRecord) throw invalidRecord(path, `${text.slice(0, 40).trim() || 'an empty file'}; name a record.json`);
  if (record.version !== VERSION) {
    throw invalidRecord(path, `version ${JSON.stringify(record.version)}; run retort distill again`);
  }
  return record as RunRecord;
}

/** The error of a record that is none. */
export function invalidRecord(path: string, got: string, cause?: unknown): InputError {
  const message = `${path}: expected a record.json of retort distill, version ${VERSION}, got ${got}`;
  return new InputError(message, { code: 'invalid_record', cause });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
