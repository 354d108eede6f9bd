/**
 * Rows of a CSV file (RFC 4180) or of the same with tabs, as spreadsheets and data frames write it; the first line names
 * the columns.
 */
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { invalidData } from '../invalid-data.ts';
import type { RawRow } from './raw-row.ts';
import { textPieces } from './text-pieces.ts';

/** Longest row: where a quote never closes, all that follows is one row, and it must not fill the memory. */
const MAX_ROW_CHARACTERS = 1 << 24;

type Cells = Readonly<Record<string, string>>;

/**
 * @param delimiter between two fields: a comma or a tab
 * @throws InputError with code `invalid_data` that names file and line
 */
export async function* readDelimited(path: string, delimiter: ',' | '\t'): AsyncGenerator<RawRow> {
  // Where parsing is, which is ahead of what has been handed out.
  let end = 1;
  let hasHeader = false;
  let hasRow = false;
  const parser = parse({
    columns(header: string[]) {
      hasHeader = true;
      return header;
    },
    delimiter,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: MAX_ROW_CHARACTERS,
    on_record(values: Cells, { lines }): RawRow {
      end = lines;
      hasRow = true;
      return { values, place: `${path}, line ${lines}` };
    },
  });
  // Errors come out of the parser; this only keeps them from being thrown a second time where nobody listens.
  pipeline(Readable.from(textPieces(path)), parser, () => undefined);
  try {
    yield* parser as AsyncIterable<RawRow>;
  } catch (cause) {
    throw cause instanceof CsvError ? explain(cause, path, end) : cause;
  }
  if (hasHeader && !hasRow) throw invalidData(path, 'expected rows, got a header alone');
}

/** @param end line of the last row that was read */
function explain(cause: CsvError, path: string, end: number): Error {
  // The parser only notices at the end of the file; what is wrong is in the first row that it could not finish.
  if (cause.code === 'CSV_QUOTE_NOT_CLOSED' || cause.code === 'CSV_MAX_RECORD_SIZE') {
    const message = 'expected CSV, got a quote that opens there or later and never closes';
    return invalidData(`${path}, line ${end + 1}`, message, cause);
  }
  return invalidData(`${path}, line ${String(cause.lines)}`, `expected CSV, got ${cause.message}`, cause);
}
