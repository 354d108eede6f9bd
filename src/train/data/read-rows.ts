/**
 * Reads rows from JSON Lines, CSV, TSV and Parquet, one after the other, so that a file may be larger than memory.
 * Every complaint names file and row.
 */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileFault } from '../file-fault.ts';
import type { Row } from './dataset.ts';
import { invalidData } from './invalid-data.ts';
import type { ClassNames } from './readers/class-names.ts';
import { readDelimited } from './readers/delimited.ts';
import { readJsonLines } from './readers/json-lines.ts';
import { readParquet } from './readers/parquet.ts';
import type { RawRow, WantedColumns } from './readers/raw-row.ts';
import { type RowColumns, toRow, wantedColumns } from './row-columns.ts';

type Reader = (path: string, wanted: WantedColumns) => AsyncIterable<RawRow>;

const READERS: Readonly<Record<string, Reader>> = {
  '.jsonl': readJsonLines,
  '.ndjson': readJsonLines,
  '.csv': (path) => readDelimited(path, ','),
  '.tsv': (path) => readDelimited(path, '\t'),
  '.parquet': readParquet,
};

/** Extensions of the files that rows are read from, each with its dot. */
export const ROW_FILES: readonly string[] = Object.keys(READERS);

/** Whether the rows of a file are cells, none of which can be a list. */
export function hasCellsAlone(path: string): boolean {
  return ['.csv', '.tsv'].includes(extname(path).toLowerCase());
}

/** A row, and where it stands. */
export interface PlacedRow {
  readonly row: Row;
  /** Names of the columns of the file, or of the keys of the row. */
  readonly columns: readonly string[];
  /** File and line (CSV, TSV, JSON Lines) or row (Parquet), for messages. */
  readonly place: string;
}

/**
 * @param path a file with one of the {@link ROW_FILES} extensions; text is UTF-8
 * @throws InputError with code `invalid_data` that names the file: of another kind, unreadable, or without a row
 */
export async function* readRawRows(path: string, wanted: WantedColumns): AsyncGenerator<RawRow> {
  const extension = extname(path).toLowerCase();
  const read = READERS[extension];
  if (read === undefined) {
    const kindOf = (info: Stats): string => (info.isDirectory() ? 'a folder' : extension || 'no extension');
    const got = await stat(path).then(kindOf, fileFault);
    throw invalidData(path, `expected a ${ROW_FILES.join(', ')} file, got ${got}`);
  }
  let isEmpty = true;
  for await (const row of read(path, wanted)) {
    isEmpty = false;
    yield row;
  }
  if (isEmpty) throw invalidData(path, 'expected rows, got an empty file');
}

/**
 * Rows of several files, in order; memory holds a piece of one file. Rows whose label is missing, null or empty are
 * unlabelled.
 *
 * @param names what numbers in the label column mean; null where labels stand there themselves
 * @throws InputError with code `invalid_data` that names file and row
 */
export async function* streamPlacedRows(
  paths: readonly string[],
  columns: RowColumns,
  names: ClassNames | null = null,
): AsyncGenerator<PlacedRow> {
  const wanted = wantedColumns(columns);
  for (const path of paths) {
    for await (const raw of readRawRows(path, wanted)) {
      yield { row: toRow(raw, columns, names), columns: raw.columns, place: raw.place };
    }
  }
}

/** As {@link streamPlacedRows}, the rows alone. */
export async function* streamRows(
  paths: readonly string[],
  columns: RowColumns,
  names: ClassNames | null = null,
): AsyncGenerator<Row> {
  for await (const { row } of streamPlacedRows(paths, columns, names)) yield row;
}

/** All rows of one file. @throws InputError with code `invalid_data` that names file and row */
export async function readRows(path: string, columns: RowColumns): Promise<readonly Row[]> {
  return (await readPlacedRows(path, columns)).map(({ row }) => row);
}

/** As {@link readRows}, each row with its place. */
export async function readPlacedRows(path: string, columns: RowColumns): Promise<readonly PlacedRow[]> {
  const rows: PlacedRow[] = [];
  for await (const row of streamPlacedRows([path], columns)) rows.push(row);
  return rows;
}
