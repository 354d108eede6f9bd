/**
 * The state of a training after some step, exactly: a run that continues from it takes the same steps as one that was
 * never stopped. A checkpoint belongs to one task; that of another task, or a damaged one, is not read.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import { writeFileAtomic } from './atomic-file.ts';
import { arithmeticOf } from './backend.ts';
import type { BatchStreamState } from './batch-stream.ts';
import type { EpochSums } from './epoch-losses.ts';
import type { RandomState } from './random.ts';
import type { ScheduleState } from './schedules.ts';
import type { StoredRows } from './stored-rows.ts';
import type { TrainerState } from './trainer/trainer.ts';
import type { EpochRecord, NetworkTrainingTask } from './training-run.ts';

/** Changes whenever this code would read an older state differently. */
const REVISION = 3;

/** The schedules of an objective, in the order modelWeight, alpha, temperature, betas. */
export type ScheduleStates = readonly ScheduleState[];

/** The best weights so far. */
export interface BestWeights {
  readonly epoch: number;
  readonly accuracy: number;
  readonly loss: number;
  /** What is trained, by name. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
}

/** Everything that a training knows after a step. */
export interface Checkpoint {
  /** Epochs that are done. */
  readonly epochs: number;
  readonly trainer: TrainerState;
  readonly random: RandomState;
  readonly stream: BatchStreamState;
  readonly schedules: ScheduleStates;
  readonly history: readonly EpochRecord[];
  /** Of the epoch that goes on. */
  readonly losses: EpochSums;
  /** Seconds that the epoch that goes on took so far. */
  readonly seconds: number;
  /** Null in the first epoch. */
  readonly best: BestWeights | null;
}

interface StoredCheckpoint {
  readonly revision: number;
  readonly task: string;
  readonly checkpoint: Checkpoint;
}

/** SHA-256 over everything that a task computes from, hex; neither threads nor the place of its checkpoint matter. */
export function identifyTask({ checkpointFile, threads, ...task }: NetworkTrainingTask): string {
  const { stored, ...train } = task.train;
  const computed = { ...task, train: { ...train, ...checksumsOf(stored) }, arithmetic: arithmeticOf(task.backend) };
  return createHash('sha256').update(serialize(computed)).digest('hex');
}

/** Files stand for what is in them, wherever they lie. */
function checksumsOf(stored: StoredRows | undefined): object {
  if (stored === undefined) return {};
  const { texts, teacherLogits, teacherFeatures, hardLabelled } = stored;
  return { hardLabelled, stored: [texts, teacherLogits, teacherFeatures].map((file) => file?.checksum) };
}

/** @throws WriteError */
export async function writeCheckpoint(path: string, task: string, checkpoint: Checkpoint): Promise<void> {
  await writeFileAtomic(path, serialize({ revision: REVISION, task, checkpoint } satisfies StoredCheckpoint));
}

/** @returns the state in `path`, or null where there is none that belongs to `task` */
export async function readCheckpoint(path: string, task: string): Promise<Checkpoint | null> {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) return null;
  const stored = parse(bytes);
  return stored?.revision === REVISION && stored.task === task ? stored.checkpoint : null;
}

function parse(bytes: Buffer): StoredCheckpoint | null {
  try {
    return deserialize(bytes) as StoredCheckpoint;
  } catch {
    return null;
  }
}
