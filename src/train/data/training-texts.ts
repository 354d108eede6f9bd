/** What teacher or student read of all training rows, those on disk included. */
import { allTexts } from '../storage/stored-texts.ts';
import type { Dataset } from './dataset.ts';

/**
 * Texts in the order of the rows, as often as somebody asks for them.
 *
 * @param field of the rows in memory; those on disk have one text for all
 */
export function trainingTexts({ train, stored }: Dataset, field: string): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      for (const { fields } of train) yield fields[field];
      if (stored !== undefined) yield* allTexts(stored);
    },
  };
}
