/** Rows that may not be learned from, or chosen by: their texts are held out, in test or in dev. */
import type { Row } from './dataset.ts';
import { textsOf } from './distinct-rows.ts';
import { TEXT_FIELD } from './row-columns.ts';

/** Rows of a split whose text is not held out. */
export function without(
  heldOut: readonly Row[],
  rows: readonly Row[],
  split: 'dev' | 'train',
  onNotice: (line: string) => void,
): readonly Row[] {
  const texts = textsOf(heldOut);
  const kept = rows.filter(({ fields }) => !texts.has(fields[TEXT_FIELD]));
  tellLeaked(split, rows.length - kept.length, onNotice);
  return kept;
}

/** Says how many rows of a split are left out because they are held out. */
export function tellLeaked(split: 'dev' | 'train', rows: number, onNotice: (line: string) => void): void {
  if (rows === 0) return;
  onNotice(`data: ${split}: ${rows} rows also stand in ${split === 'dev' ? 'test' : 'dev or test'} and are left out`);
}
