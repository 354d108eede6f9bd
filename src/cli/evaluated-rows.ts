/** The rows of a file as a student is evaluated on them. */
import { InputError, RetortError, type StudentInfo } from '../runtime/index.ts';
import {
  COLUMN_NAMES,
  type EvaluationTask,
  evaluationSet,
  PAIR_FIELD,
  type RowColumns,
  readPlacedRows,
  type TransferSet,
} from '../train/index.ts';
import type { LoadedStudent } from './predictors.ts';

/** The options that say how rows are read. */
export interface RowOptions {
  readonly textColumn?: string;
  readonly pairColumn: string;
  readonly labelColumn?: string;
  readonly labelSeparator?: string;
}

/** Rows of a file, and the set that is made of them. */
export interface EvaluatedRows {
  readonly rows: number;
  readonly set: TransferSet;
}

/** Column of the bytes of an image, in base64, where nothing is said. */
const IMAGE_COLUMN = 'image';

/**
 * Reads the rows of a file for a student.
 *
 * @throws InputError where no rows can be read for the student; where these do not fit it, with code `invalid_data`, file
 * and row, and what the student reads
 */
export async function readEvaluatedRows(
  data: string,
  { path, student: { info } }: Pick<LoadedStudent, 'path' | 'student'>,
  options: RowOptions,
): Promise<EvaluatedRows> {
  checkReadable(path, info, options);
  const columns = columnsFor(info, options);
  try {
    const rows = await readPlacedRows(data, columns);
    return { rows: rows.length, set: evaluationSet(rows, columns, evaluationTask(info)) };
  } catch (cause) {
    if (!(cause instanceof RetortError && cause.code === 'invalid_data')) throw cause;
    const advice = 'where the file holds something else, name other columns or another student';
    throw new InputError(`${cause.message}. ${path} reads ${rowsOf(info, columns)}; ${advice}`, {
      cause,
      code: cause.code,
    });
  }
}

function checkReadable(path: string, { task, multiLabel, spec }: StudentInfo, { labelSeparator }: RowOptions): void {
  if (task === 'embed' && spec.input !== undefined) {
    const got = spec.input.kind === 'pair' ? 'pairs' : 'images';
    const message = `${path}: expected a student that embeds one text, got one of ${got}; name another`;
    throw new InputError(message, { code: 'wrong_task' });
  }
  if (multiLabel || labelSeparator === undefined) return;
  const got = JSON.stringify(labelSeparator);
  throw new InputError(
    `${path}: expected no --label-separator, since it does not give several labels, got ${got}; leave it out`,
  );
}

/** Which columns hold what a student reads, and what is known about it. */
function columnsFor({ task, multiLabel, spec }: StudentInfo, options: RowOptions): RowColumns {
  const names = task === 'tag' ? COLUMN_NAMES.tag : COLUMN_NAMES.classify;
  const isPair = spec.input?.kind === 'pair' || task === 'embed';
  return {
    text: options.textColumn ?? (spec.input?.kind === 'image' ? IMAGE_COLUMN : names.text),
    ...(isPair ? { pair: options.pairColumn } : {}),
    label: options.labelColumn ?? names.label,
    id: null,
    labelSeparator: options.labelSeparator ?? null,
    multiLabel,
    task,
  };
}

function evaluationTask({ task, labels, multiLabel, spec: { input } }: StudentInfo): EvaluationTask {
  return {
    task,
    labels,
    multiLabel,
    ...(input?.kind === 'pair' ? { pairField: PAIR_FIELD } : {}),
    ...(input?.kind === 'image' ? { image: input } : {}),
  };
}

/** The rows of a student in words, with the columns that hold them. */
function rowsOf({ task, multiLabel, spec: { input } }: StudentInfo, { text, pair, label }: RowColumns): string {
  if (task === 'tag') return `words (column ${text}) with a tag each (column ${label})`;
  if (task === 'embed') return `two texts (columns ${text} and ${pair}) with a number (column ${label})`;
  const known = `with ${multiLabel ? 'several labels' : 'one label'} (column ${label})`;
  if (input?.kind === 'pair') return `two texts (columns ${text} and ${pair}) ${known}`;
  return `${input?.kind === 'image' ? 'an image' : 'a text'} (column ${text}) ${known}`;
}
