/** Token ids of a batch of texts, as layers read them. */

/** Id of a position that holds no token. */
export const PADDING_ID = -1;

/** Token ids of a text. */
export interface TextIds {
  readonly ids: Int32Array;
  /** Where among the ids each word begins that is read; absent where a text is read as a whole. */
  readonly words?: Int32Array;
}

/**
 * Texts side by side, `[batch, length]`; a text shorter than `length` ends in {@link PADDING_ID}. Of pairs, the first
 * text of each, then the second of each; of images, the bytes of each.
 */
export interface TokenBatch {
  readonly batch: number;
  /** At least 1, so that no tensor is empty. */
  readonly length: number;
  readonly ids: Int32Array;
  /** To tag: where among all ids each word begins, text by text. */
  readonly words?: Int32Array;
}

/** @returns 1 where there is a token, 0 behind the end of a text, `[batch * length]` */
export function tokenMask({ ids }: TokenBatch): Float32Array {
  const mask = new Float32Array(ids.length);
  for (let i = 0; i < ids.length; i++) if (ids[i] !== PADDING_ID) mask[i] = 1;
  return mask;
}

/**
 * Puts texts into a batch as long as the longest of them.
 *
 * @param texts the ids of each text; at least one text, a text may be empty
 * @param words to tag: where among its ids each text's words begin
 */
export function createTokenBatch(texts: readonly Int32Array[], words?: readonly Int32Array[]): TokenBatch {
  const length = texts.reduce((longest, ids) => Math.max(longest, ids.length), 1);
  const ids = new Int32Array(texts.length * length).fill(PADDING_ID);
  for (const [i, text] of texts.entries()) ids.set(text, i * length);
  const batch = { batch: texts.length, length, ids };
  if (words === undefined) return batch;
  return { ...batch, words: Int32Array.from(words.flatMap((places, i) => [...places.map((at) => i * length + at)])) };
}
