/** Rows that something is measured on: each has labels, and none that nobody knows. */
import { invalidData } from './invalid-data.ts';
import type { PlacedRow } from './read-rows.ts';
import { noLabel, type RowColumns } from './row-columns.ts';

/** What a row may be labelled as. */
export interface KnownLabels {
  readonly labels: readonly string[];
  /** Who knows them, for messages, e.g. `the student`. */
  readonly knownBy: string;
  /** What else than correcting a row there is to do about another label. */
  readonly otherwise: string;
}

/** @throws InputError with code `invalid_data` that names file and row */
export function checkKnownLabels(
  placed: PlacedRow,
  columns: Pick<RowColumns, 'label'>,
  { labels, knownBy, otherwise }: KnownLabels,
): void {
  const { row, place } = placed;
  if (row.labels === null) throw noLabel(placed, columns);
  const unknown = row.labels.find((label) => !labels.includes(label));
  if (unknown === undefined) return;
  const known = `a label of ${knownBy} (${labels.join(', ')})`;
  throw invalidData(place, `expected ${known}, got ${unknown}; correct it, or ${otherwise}`);
}
