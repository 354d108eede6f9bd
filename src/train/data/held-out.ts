/** Rows that may not be learned from, or chosen by: their texts are held out, in test or in dev. */
import { contentOf } from './content-hash.ts';
import type { Row } from './dataset.ts';
import { contentsOf } from './distinct-rows.ts';

/** Rows of a split whose text is not held out. */
export function without(
  heldOut: readonly Row[],
  rows: readonly Row[],
  split: 'dev' | 'train',
  onNotice: (line: string) => void,
): readonly Row[] {
  const contents = contentsOf(heldOut);
  const kept = rows.filter((row) => !contents.has(contentOf(row)));
  tellLeaked(split, rows.length - kept.length, onNotice);
  return kept;
}

/** Says how many rows of a split are left out because they are held out. */
export function tellLeaked(split: 'dev' | 'train', rows: number, onNotice: (line: string) => void): void {
  if (rows === 0) return;
  onNotice(`data: ${split}: ${rows} rows also stand in ${split === 'dev' ? 'test' : 'dev or test'} and are left out`);
}
