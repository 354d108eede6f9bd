/** Token ids of a batch of texts, as layers read them. */

/** Id of a position that holds no token. */
export const PADDING_ID = -1;

/** Texts side by side, `[batch, length]`; a text shorter than `length` ends in {@link PADDING_ID}. */
export interface TokenBatch {
  readonly batch: number;
  /** At least 1, so that no tensor is empty. */
  readonly length: number;
  readonly ids: Int32Array;
}

/**
 * Puts texts into a batch as long as the longest of them.
 *
 * @param texts the ids of each text; at least one text, a text may be empty
 */
export function createTokenBatch(texts: readonly Int32Array[]): TokenBatch {
  const length = texts.reduce((longest, ids) => Math.max(longest, ids.length), 1);
  const ids = new Int32Array(texts.length * length).fill(PADDING_ID);
  for (const [i, text] of texts.entries()) ids.set(text, i * length);
  return { batch: texts.length, length, ids };
}
