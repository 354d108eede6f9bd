/** Reads rows from JSON Lines and CSV; every complaint names the file and the row. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { InputError } from '../../format/index.ts';
import { contentHash } from './content-hash.ts';
import type { Row } from './dataset.ts';

/** Which columns (CSV) or keys (JSON Lines) hold what. */
export interface RowColumns {
  readonly text: string;
  readonly label: string;
  /** Where there is none, a row's id is the hash of its content. */
  readonly id: string | null;
  /** Splits a label cell into several labels; null for single-label tasks. */
  readonly labelSeparator: string | null;
}

type RawRow = { readonly values: Readonly<Record<string, unknown>>; readonly place: string };

/**
 * @param path a `.jsonl` or `.csv` file, UTF-8; rows whose label is missing, null or empty are unlabelled
 * @throws InputError with code `invalid_data` that names file and row
 */
export async function readRows(path: string, columns: RowColumns): Promise<readonly Row[]> {
  const text = await readText(path);
  const raw = extname(path).toLowerCase() === '.csv' ? parseCsv(text, path) : parseJsonLines(text, path);
  if (raw.length === 0)
    throw invalid(path, `expected rows, got ${text.trim() === '' ? 'an empty file' : 'a header alone'}`);
  return raw.map((row) => toRow(row, columns));
}

function invalid(place: string, message: string, cause?: unknown): InputError {
  return new InputError(`${place}: ${message}`, { cause, code: 'invalid_data' });
}

async function readText(path: string): Promise<string> {
  if (!['.csv', '.jsonl'].includes(extname(path).toLowerCase())) {
    throw invalid(path, `expected a .jsonl or .csv file, got ${extname(path) || 'no extension'}`);
  }
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const got = code === 'ENOENT' ? 'no such file; check the path' : code === 'EISDIR' ? 'a folder' : String(code);
    throw invalid(path, `expected a readable file, got ${got}`, cause);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid(path, 'expected UTF-8, got another encoding; convert it', cause);
  }
}

function parseCsv(text: string, path: string): readonly RawRow[] {
  const rows: RawRow[] = [];
  let end = 1;
  try {
    parse(text, {
      columns: true,
      skip_empty_lines: true,
      bom: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      onRecord(record: Readonly<Record<string, string>>, { lines }) {
        rows.push({ values: record, place: `${path}, line ${lines}` });
        end = lines;
        return null;
      },
    });
    return rows;
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    // The parser only notices at the end of the file; what is wrong is in the first row that it could not finish.
    if (cause.code === 'CSV_QUOTE_NOT_CLOSED') {
      throw invalid(
        `${path}, line ${end + 1}`,
        'expected CSV, got a quote that opens there or later and never closes',
        cause,
      );
    }
    throw invalid(`${path}, line ${String(cause.lines)}`, `expected CSV, got ${cause.message}`, cause);
  }
}

function parseJsonLines(text: string, path: string): readonly RawRow[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    const place = `${path}, line ${i + 1}`;
    let values: unknown;
    try {
      values = JSON.parse(line);
    } catch (cause) {
      throw invalid(place, `expected a JSON object, got ${(cause as Error).message}`, cause);
    }
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      throw invalid(place, `expected a JSON object, got ${line.slice(0, 40)}`);
    }
    return [{ values: values as Record<string, unknown>, place }];
  });
}

function toRow({ values, place }: RawRow, columns: RowColumns): Row {
  const text = values[columns.text];
  if (typeof text !== 'string' || text.trim() === '') {
    const known = Object.keys(values).join(', ');
    throw invalid(place, `expected text in ${columns.text}, got ${JSON.stringify(text) ?? 'none'}; it has ${known}`);
  }
  const fields = { text };
  const id = columns.id === null ? contentHash(fields) : readId(values[columns.id], place, columns.id);
  return { id, fields, labels: readLabels(values[columns.label], place, columns) };
}

function readId(value: unknown, place: string, column: string): string {
  if ((typeof value !== 'string' && typeof value !== 'number') || value === '') {
    throw invalid(place, `expected an id in ${column}, got ${JSON.stringify(value) ?? 'none'}`);
  }
  return String(value);
}

function readLabels(value: unknown, place: string, { label, labelSeparator }: RowColumns): readonly string[] | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value) && labelSeparator !== null) return value.map(String);
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw invalid(place, `expected a label in ${label}, got ${JSON.stringify(value)}`);
  }
  const text = String(value).trim();
  if (text === '') return null;
  if (labelSeparator === null) return [text];
  return text.split(labelSeparator).flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}
