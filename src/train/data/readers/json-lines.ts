/** Rows of a JSON Lines file: one object a line, empty lines skipped. */
import { invalidData } from '../invalid-data.ts';
import type { RawRow } from './raw-row.ts';
import { textPieces } from './text-pieces.ts';

/** @throws InputError with code `invalid_data` that names file and line */
export async function* readJsonLines(path: string): AsyncGenerator<RawRow> {
  let number = 0;
  for await (const piece of textPieces(path)) {
    const lines = piece.split('\n');
    // A piece ends with its last line, so what stands behind that is no line but nothing.
    if (lines.at(-1) === '') lines.pop();
    for (const line of lines) {
      number++;
      if (line.trim() !== '') yield parseLine(line, `${path}, line ${number}`);
    }
  }
}

function parseLine(line: string, place: string): RawRow {
  let values: unknown;
  try {
    values = JSON.parse(line);
  } catch (cause) {
    throw invalidData(place, `expected a JSON object, got ${(cause as Error).message}`, cause);
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw invalidData(place, `expected a JSON object, got ${line.slice(0, 40)}`);
  }
  return { values: values as Record<string, unknown>, columns: Object.keys(values), place };
}
