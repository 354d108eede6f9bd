/** Rows for tests of splits, and of everything else that does not care what a row says. */
import fc from 'fast-check';
import type { Row } from '../../src/train/data/dataset.ts';

/** A row that says `text`, under an id of the same name. */
export function rowOf(text: string, ...labels: readonly string[]): Row {
  return { id: text, fields: { text }, labels: labels.length === 0 ? null : labels };
}

/** Rows of up to three labels and of none, `row 0`, `row 1`, and so on. */
export const arbitraryRows: fc.Arbitrary<readonly Row[]> = fc
  .array(fc.constantFrom('a', 'b', 'c', null), { maxLength: 60 })
  .map((labels) => labels.map((label, i) => rowOf(`row ${i}`, ...(label === null ? [] : [label]))));

/** The same rows in another order. */
export function shuffled(rows: readonly Row[]): fc.Arbitrary<readonly Row[]> {
  return fc.shuffledSubarray([...rows], { minLength: rows.length });
}

/** The ids of rows. */
export function idsOf(rows: readonly Row[]): string[] {
  return rows.map(({ id }) => id);
}
