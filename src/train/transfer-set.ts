/**
 * What student training sees: inputs, the labels that are known, and what the teacher said. Plain data, so that it can
 * be handed to a worker thread; the teacher itself never comes along.
 */
import type { PredictorInput } from '../runtime/index.ts';
import { answersOf, joinVectors, type Question } from './answers.ts';
import type { Dataset, Row, SimilarTexts } from './data/dataset.ts';
import { decide } from './evaluation/decisions.ts';
import { inputOf, type StudentFields } from './inputs.ts';
import type { StoredRows } from './stored-rows.ts';

/** Inputs joined with cached teacher outputs; all arrays run parallel, and rows on disk follow those in memory. */
export interface TransferSet extends Question {
  readonly multiLabel: boolean;
  /** What the student reads of each row: a text, for the most part. */
  readonly inputs: readonly PredictorInput[];
  /** Gold targets of 0 and 1, `[numLabels]` or to tag `[words, numLabels]`; null where the row is unlabelled. */
  readonly targets: readonly (Float32Array | null)[];
  /** What the teacher says: logits in the shape of the targets, to embed its vector. Null where a run uses no teacher. */
  readonly teacherLogits: readonly Float32Array[] | null;
  /** Teacher features `[featureSize]`; null where a run uses no feature loss. */
  readonly teacherFeatures: readonly Float32Array[] | null;
  /** To embed: texts of the set whose similarity is known. */
  readonly similar?: readonly SimilarTexts[] | undefined;
  /** Unlabelled rows that memory has no room for. */
  readonly stored?: StoredRows;
}

/** What a teacher said about some rows, in their order. */
export interface TeacherOutputs {
  readonly logits: readonly Float32Array[];
  readonly features: readonly Float32Array[] | null;
}

/** Joins rows in memory with the outputs of a teacher, or with none. */
export function createTransferSet(
  { task, labels, multiLabel, ...fields }: Pick<Dataset, 'task' | 'labels' | 'multiLabel'> & StudentFields,
  rows: readonly Row[],
  teacher: TeacherOutputs | null,
): TransferSet {
  return {
    task,
    labels,
    multiLabel,
    inputs: rows.map((row) => inputOf(fields, row)),
    targets: rows.map((row) => (row.labels === null ? null : goldTarget({ task, labels }, row.labels))),
    teacherLogits: teacher?.logits ?? null,
    teacherFeatures: teacher?.features ?? null,
  };
}

/** The rows of a set that are labelled, without the teacher: what a student learns from on labels alone. */
export function labelledOnly({ stored, ...set }: TransferSet): TransferSet {
  const isLabelled = (_: unknown, row: number): boolean => set.targets[row] !== null;
  return {
    ...set,
    inputs: set.inputs.filter(isLabelled),
    targets: set.targets.filter(isLabelled),
    teacherLogits: null,
    teacherFeatures: null,
  };
}

/** All rows with what the teacher decided as their label where they have none: the teacher's hard labels. */
export function hardLabelled(set: TransferSet): TransferSet {
  const { teacherLogits, stored } = set;
  return {
    ...set,
    targets: set.targets.map((target, row) => target ?? hardTarget(teacherLogits![row], set)),
    teacherLogits: null,
    teacherFeatures: null,
    ...(stored === undefined ? {} : { stored: { ...stored, hardLabelled: true } }),
  };
}

/** What logits decide, as a target of the same shape. */
export function hardTarget(
  logits: Float32Array,
  set: Pick<TransferSet, 'task' | 'labels' | 'multiLabel'>,
): Float32Array {
  return joinVectors(answersOf(logits, set).map((answer) => oneHot(answer.length, decide(answer, set.multiLabel))));
}

/** The gold target of a row. */
function goldTarget({ task, labels }: Question, names: readonly string[]): Float32Array {
  return task === 'tag' ? joinVectors(names.map((name) => targetOf(labels, [name]))) : targetOf(labels, names);
}

/** A target `[numLabels]` from names. Data is checked where it is read: the names are labels of the task. */
export function targetOf(labels: readonly string[], names: readonly string[]): Float32Array {
  return oneHot(
    labels.length,
    names.map((name) => labels.indexOf(name)),
  );
}

function oneHot(length: number, positions: readonly number[]): Float32Array {
  const target = new Float32Array(length);
  for (const position of positions) target[position] = 1;
  return target;
}
