/**
 * `record.json`: a run as an experiment. It says what was run, with which code and on what data, and what came of it;
 * `report.html` is drawn from it and from nothing else.
 */
import { readFile } from 'node:fs/promises';
import { InputError } from '../../format/index.ts';
import type { ResolvedConfig } from '../config/config.ts';
import type { Disagreement } from '../distill/disagreements.ts';
import type { DistillationMetrics } from '../distill/metrics.ts';
import { fileFault } from '../file-fault.ts';
import { type RecordHead, recordHead } from './record-head.ts';

const VERSION = 2;

/** The rows on which one student and the teacher differ most. */
export interface StudentDisagreements {
  readonly student: string;
  readonly rows: readonly Disagreement[];
}

/** Everything that is known of a run. */
export interface RunRecord extends RecordHead {
  readonly version: typeof VERSION;
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
  return { version: VERSION, ...(await recordHead(config, startedAt)), metrics, disagreements };
}

/** The text of `record.json`. */
export function encodeRecord(record: RunRecord): string {
  return `${JSON.stringify(record, null, 1)}\n`;
}

/** @throws InputError with code `invalid_record` where `path` is no record of this version */
export async function readRecord(path: string): Promise<RunRecord> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw invalidRecord(path, `${fileFault(cause)}; check the path`, cause);
  });
  const record = parse(text);
  const isRecord = typeof record === 'object' && record !== null && 'version' in record && 'metrics' in record;
  if (record === null) throw invalidRecord(path, 'no JSON; run retort distill again');
  if (!isRecord) throw invalidRecord(path, 'other JSON; name the record.json beside it');
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
