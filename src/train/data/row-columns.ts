/** From the columns of a file to the fields and labels of a row. */
import type { TaskKind } from '../../format/index.ts';
import { wordsOf } from '../answers.ts';
import { contentHash } from './content-hash.ts';
import type { Row } from './dataset.ts';
import { invalidData } from './invalid-data.ts';
import type { ClassNames } from './readers/class-names.ts';
import type { RawRow, WantedColumns } from './readers/raw-row.ts';

/** What columns are called where nothing is said: of texts and labels, and of words and their labels. */
export const COLUMN_NAMES = {
  classify: { text: 'text', label: 'label' },
  tag: { text: 'tokens', label: 'tags' },
} as const;

/** The field that the readers put a row's text into. */
export const TEXT_FIELD = 'text';
/** The field, and by default the column, of the second text of a pair. */
export const PAIR_FIELD = 'pair';

/** Which columns, or keys of JSON Lines, hold what. */
export interface RowColumns {
  readonly text: string;
  /** Absent where a row has one text. */
  readonly pair?: string;
  readonly label: string;
  /** Where there is none, a row's id is the hash of its content. */
  readonly id: string | null;
  /** Splits a label cell into several labels; null where a cell is one label. */
  readonly labelSeparator: string | null;
  /** A list is several labels without a separator too. */
  readonly multiLabel?: boolean;
  /**
   * What the rows are for; `classify` where it is left out. To tag, text and label are lists, or cells that spaces part,
   * of words and of one label a word.
   */
  readonly task?: TaskKind | undefined;
}

/** The columns that are read, that of the text first. */
export function wantedColumns({ text, pair, label, id }: RowColumns): WantedColumns {
  return [text, label, ...(pair === undefined ? [] : [pair]), ...(id === null ? [] : [id])];
}

/**
 * @param names what numbers in the label column mean; null where labels stand there themselves
 * @throws InputError with code `invalid_data` that names file and row
 */
export function toRow(raw: RawRow, columns: RowColumns, names: ClassNames | null = null): Row {
  const { values, place } = raw;
  const text = toSomeText(raw, columns);
  const fields = {
    [TEXT_FIELD]: text,
    ...(columns.pair === undefined ? {} : { [PAIR_FIELD]: toSomeText(raw, { text: columns.pair }, 'pair') }),
  };
  const id = columns.id === null ? contentHash(fields) : readId(values[columns.id], place, columns.id);
  const labels = toLabels(raw, columns, names);
  const words = columns.task === 'tag' ? wordsOf(text).length : null;
  if (words !== null && labels !== null && labels.length !== words) {
    const got = `${words} words in ${columns.text} and ${labels.length} labels in ${columns.label}`;
    throw invalidData(raw.place, `expected one label a word, got ${got}; correct the row`);
  }
  return { id, fields, labels };
}

/** The words of a row, joined by one space each. */
function toWords(raw: RawRow, columns: Pick<RowColumns, 'text'>): unknown {
  const value = raw.values[columns.text];
  if (!Array.isArray(value)) return typeof value === 'string' ? value.trim().split(/\s+/).join(' ') : value;
  const broken = value.find((word) => typeof word !== 'string' || !/^\S+$/.test(word));
  if (broken === undefined) return value.join(' ');
  const got = JSON.stringify(broken);
  throw invalidData(raw.place, `expected words without white space in ${columns.text}, got ${got}; correct the row`);
}

function toSomeText(raw: RawRow, column: Pick<RowColumns, 'text' | 'task'>, role?: 'pair'): string {
  const text = toText(raw, column, role);
  if (text.trim() === '') throw noText(raw, column, role);
  return text;
}

/**
 * The text of a row, which may be empty: an empty cell is, and so is null.
 *
 * @param role what the column is to whoever named it
 * @throws InputError with code `invalid_data` that names file and row, where there is no such column or it holds no text
 */
export function toText(
  raw: RawRow,
  columns: Pick<RowColumns, 'text' | 'task'>,
  role: 'text' | 'pair' = 'text',
): string {
  const text = columns.task === 'tag' ? toWords(raw, columns) : raw.values[columns.text];
  if (text === null) return '';
  if (typeof text !== 'string') throw noText(raw, columns, role);
  return text;
}

/**
 * The labels of a row; null where it has none.
 *
 * @throws InputError with code `invalid_data` that names file and row
 */
export function toLabels({ values, place }: RawRow, columns: RowColumns, names: ClassNames | null): Row['labels'] {
  return readLabels(values[columns.label], place, columns, names);
}

function noText(
  { values, columns, place }: RawRow,
  { text }: Pick<RowColumns, 'text'>,
  role: 'text' | 'pair' = 'text',
): Error {
  if (!columns.includes(text)) return noColumn(role, text, columns, place);
  const got = JSON.stringify(values[text]) ?? 'none';
  return invalidData(place, `expected text in ${text}, got ${got}; add it, or leave the row out`);
}

/** The error of a row that needs a label and has none. */
export function noLabel({ columns, place }: Omit<RawRow, 'values'>, { label }: Pick<RowColumns, 'label'>): Error {
  if (!columns.includes(label)) return noColumn('label', label, columns, place);
  return invalidData(place, `expected a label in ${label}, got none; label the row, or leave it out`);
}

/** Which column to name. That of a text is one of words to tag, and of images where these are read. */
const SOUGHT = { text: 'to read', pair: 'with the second text', label: 'with the label' } as const;

/** The error of a file, or a row, that lacks a column. @param role what the column is to whoever named it */
export function noColumn(role: keyof typeof SOUGHT, name: string, columns: readonly string[], place: string): Error {
  const { text, label } = COLUMN_NAMES.tag;
  const isTagged = name !== text && name !== label && columns.includes(text) && columns.includes(label);
  // A row of JSON Lines has its own columns, and may lack its label alone.
  const otherwise = role === 'label' ? ', or label the row' : '';
  const advice = `name the one ${SOUGHT[role]}: --${role}-column, or data.${role}Column in a config${otherwise}`;
  const more = isTagged ? `; in a config, to tag words, set data.task to 'tag'` : '';
  return invalidData(place, `expected a column ${name}, got ${columns.join(', ')}; ${advice}${more}`);
}

function readId(value: unknown, place: string, column: string): string {
  if ((typeof value !== 'string' && typeof value !== 'number') || value === '') {
    throw invalidData(place, `expected an id in ${column}, got ${JSON.stringify(value) ?? 'none'}`);
  }
  return String(value);
}

function readLabels(
  value: unknown,
  place: string,
  { label, labelSeparator, multiLabel, task }: RowColumns,
  names: ClassNames | null,
): readonly string[] | null {
  if (value === undefined || value === null) return null;
  const named = (cell: string): string => (names === null ? cell : nameOf(cell, names, place, label));
  const isList = labelSeparator !== null || multiLabel || task === 'tag';
  if (Array.isArray(value) && isList) return value.map((one) => named(String(one)));
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw invalidData(place, `expected a label in ${label}, got ${JSON.stringify(value)}`);
  }
  const text = String(value).trim();
  if (text === '' || (names !== null && text === HIDDEN)) return null;
  if (task === 'tag') return text.split(/\s+/).map(named);
  if (labelSeparator === null) return [named(text)];
  return text.split(labelSeparator).flatMap((part) => (part.trim() === '' ? [] : [named(part.trim())]));
}

/** The number that stands for a label nobody tells, in the test sets of Hugging Face datasets. */
const HIDDEN = '-1';

function nameOf(cell: string, names: ClassNames, place: string, label: string): string {
  if (names.includes(cell)) return cell;
  if (/^\d+$/.test(cell) && Number(cell) < names.length) return names[Number(cell)];
  const range = `0 to ${names.length - 1} (${names.join(', ')})`;
  throw invalidData(place, `expected a class of ${label} from ${range}, got ${cell}; correct the row or the names`);
}
