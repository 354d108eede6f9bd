/** From the columns of a file to the fields and labels of a row. */
import { contentHash } from './content-hash.ts';
import type { Row } from './dataset.ts';
import { invalidData } from './invalid-data.ts';
import type { ClassNames } from './readers/class-names.ts';
import type { RawRow, WantedColumns } from './readers/raw-row.ts';

/** Which columns, or keys of JSON Lines, hold what. */
export interface RowColumns {
  readonly text: string;
  readonly label: string;
  /** Where there is none, a row's id is the hash of its content. */
  readonly id: string | null;
  /** Splits a label cell into several labels; null for single-label tasks. */
  readonly labelSeparator: string | null;
}

/** The columns that are read, that of the text first. */
export function wantedColumns({ text, label, id }: RowColumns): WantedColumns {
  return [text, label, ...(id === null ? [] : [id])];
}

/**
 * @param names what numbers in the label column mean; null where labels stand there themselves
 * @throws InputError with code `invalid_data` that names file and row
 */
export function toRow({ values, place }: RawRow, columns: RowColumns, names: ClassNames | null = null): Row {
  const text = values[columns.text];
  if (typeof text !== 'string' || text.trim() === '') {
    const known = Object.keys(values).join(', ');
    throw invalidData(
      place,
      `expected text in ${columns.text}, got ${JSON.stringify(text) ?? 'none'}; it has ${known}`,
    );
  }
  const fields = { text };
  const id = columns.id === null ? contentHash(fields) : readId(values[columns.id], place, columns.id);
  return { id, fields, labels: readLabels(values[columns.label], place, columns, names) };
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
  { label, labelSeparator }: RowColumns,
  names: ClassNames | null,
): readonly string[] | null {
  if (value === undefined || value === null) return null;
  const named = (cell: string): string => (names === null ? cell : nameOf(cell, names, place, label));
  if (Array.isArray(value) && labelSeparator !== null) return value.map((one) => named(String(one)));
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw invalidData(place, `expected a label in ${label}, got ${JSON.stringify(value)}`);
  }
  const text = String(value).trim();
  if (text === '' || (names !== null && text === HIDDEN)) return null;
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
