/** Labelled rows of one place that say the same, and what is told about those that are left out. */
import { contentOf } from './content-hash.ts';
import type { Row } from './dataset.ts';

/** Labelled rows, each text once. */
export interface DistinctRows {
  readonly rows: readonly Row[];
  /** Rows that repeat the text of another one, and how many of those have another label. */
  readonly repeated: number;
  readonly contradicting: number;
}

/** What rows say. */
export function contentsOf(rows: readonly Row[]): ReadonlySet<string> {
  return new Set(rows.map(contentOf));
}

/** As {@link distinctRows}, and tells about it. */
export function tellDistinct(rows: readonly Row[], place: string, onNotice: (line: string) => void): readonly Row[] {
  const { rows: kept, repeated, contradicting } = distinctRows(rows);
  tellRepeated(place, repeated, contradicting, onNotice);
  return kept;
}

/** Labelled rows, of those with one text the first. */
export function distinctRows(rows: readonly Row[]): DistinctRows {
  const byText = new Map<string, Row>();
  let contradicting = 0;
  for (const row of rows) {
    const content = contentOf(row);
    const known = byText.get(content);
    if (known === undefined) byText.set(content, row);
    else if (!sameNames(known.labels!, row.labels!)) contradicting++;
  }
  return { rows: [...byText.values()], repeated: rows.length - byText.size, contradicting };
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

/** Says how many rows of a place are left out because they repeat others. */
export function tellRepeated(
  place: string,
  repeated: number,
  contradicting: number,
  onNotice: (line: string) => void,
): void {
  if (repeated > 0) onNotice(`data: ${place}: ${repeated} rows repeat the text of another one and are left out`);
  if (contradicting > 0) onNotice(`data: ${place}: ${contradicting} of them have another label; the first one counts`);
}
