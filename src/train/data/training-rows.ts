/** All training rows of a dataset, those on disk included. */
import { allTexts } from '../storage/stored-texts.ts';
import { contentHash } from './content-hash.ts';
import type { Dataset, Row } from './dataset.ts';

/** The rows in memory, then those on disk, whose id is the hash of their content. */
export function* trainingRows({ train, stored, studentField }: Dataset): Generator<Row> {
  yield* train;
  if (stored === undefined) return;
  for (const text of allTexts(stored)) {
    const fields = { [studentField]: text };
    yield { id: contentHash(fields), fields, labels: null };
  }
}

/**
 * What teacher or student read of the rows, in their order, as often as somebody asks for it; of pairs both texts.
 *
 * @param field of the rows in memory; those on disk have one text for all
 */
export function trainingTexts({ train, stored, pairField }: Dataset, field: string): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      for (const { fields } of train) {
        yield fields[field];
        if (pairField !== undefined) yield fields[pairField];
      }
      if (stored !== undefined) yield* allTexts(stored);
    },
  };
}
