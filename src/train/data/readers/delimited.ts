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

const SEPARATORS: Readonly<Record<string, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' };

type Cells = Readonly<Record<string, string>>;

/**
 * @param delimiter between two fields: a comma or a tab
 * @throws InputError with code `invalid_data` that names file and line
 */
export async function* readDelimited(path: string, delimiter: ',' | '\t'): AsyncGenerator<RawRow> {
  // Where parsing is, which is ahead of what has been handed out.
  let end = 1;
  let columns: readonly string[] = [];
  let hasRow = false;
  const parser = parse({
    columns(header: string[]) {
      checkHeader(header, delimiter, path);
      columns = header;
      return header;
    },
    delimiter,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: MAX_ROW_CHARACTERS,
    on_record(values: Cells, { lines }): RawRow {
      end = lines;
      hasRow = true;
      return { values, columns, place: `${path}, line ${lines}` };
    },
  });
  // Errors come out of the parser; this only keeps them from being thrown a second time where nobody listens.
  pipeline(Readable.from(textPieces(path)), parser, () => undefined);
  try {
    yield* parser as AsyncIterable<RawRow>;
  } catch (cause) {
    throw cause instanceof CsvError ? explain(cause, path, end) : cause;
  }
  if (columns.length > 0 && !hasRow) throw invalidData(path, 'expected rows, got a header alone');
}

/** A header of one cell that has another separator in it was written for another reader. */
function checkHeader(header: readonly string[], delimiter: ',' | '\t', path: string): void {
  const other = [';', ',', '\t'].find((mark) => mark !== delimiter && header.length === 1 && header[0].includes(mark));
  if (other === undefined) return;
  const [expected, got] = [delimiter, other].map((mark) => SEPARATORS[mark]);
  const advice = 'write commas into a .csv file, tabs into a .tsv file';
  throw invalidData(`${path}, line 1`, `expected ${expected} between the columns, got ${got}; ${advice}`);
}

/** @param end line of the last row that was read */
function explain(cause: CsvError, path: string, end: number): Error {
  // The parser only notices at the end of the file; what is wrong is in the first row that it could not finish.
  // A quote that closes lines below the one where its row begins is most often missing there.
  const runsOn = cause.code === 'CSV_INVALID_CLOSING_QUOTE' && Number(cause.lines) > end + 1;
  const isHuge = cause.code === 'CSV_MAX_RECORD_SIZE';
  const isOpen = runsOn || isHuge || cause.code === 'CSV_QUOTE_NOT_CLOSED';
  const got = isHuge ? HUGE_ROW : isOpen ? OPEN_QUOTE : faultOf(cause);
  const place = `${path}, line ${isOpen ? end + 1 : String(cause.lines)}`;
  return invalidData(place, `expected CSV, got ${got}`, cause);
}

/** Where a quote is open, all the rest of the file is one row. */
const HUGE_ROW = `a row of more than ${MAX_ROW_CHARACTERS.toLocaleString('en')} characters, or a quote that opens there and never closes; cut the text, or close the quote or double it ("")`;

const OPEN_QUOTE =
  'a quote that opens there or later and never closes; close it, or double it ("") where it belongs to the text';

/** What is wrong, and what to do about it, in the words of whoever writes the file. */
function faultOf({ code, message, columns, record }: CsvError): string {
  switch (code) {
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'text behind the quote that closes a cell; double a quote ("") that belongs to the text';
    case 'INVALID_OPENING_QUOTE':
      return `a quote inside a cell that no quote opens; put the cell in quotes and double those inside ("")`;
    case 'CSV_RECORD_INCONSISTENT_COLUMNS': {
      const [got, wanted] = [record, columns].map((cells) => (cells as readonly unknown[]).length);
      const advice = got < wanted ? 'add the others, empty ones too' : 'put a cell that holds a separator in quotes';
      return `${got === 1 ? '1 cell' : `${got} cells`} where the header has ${wanted}; ${advice}`;
    }
    default:
      return message;
  }
}
