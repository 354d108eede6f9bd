/** Texts one after the other: no position is padding, so no work is wasted, and no text sees how long the others are. */

/** Tokens of some texts. */
export interface RaggedBatch {
  /** Row of the table of words for each token, `[tokens]`. */
  readonly ids: Int32Array;
  /** Place of each token in its text, `[tokens]`. */
  readonly positions: Int32Array;
  /** Where each text begins, and where the last one ends, `[texts + 1]`. */
  readonly offsets: Int32Array;
}

/** @param texts ids of each text, at least one each */
export function createRaggedBatch(texts: readonly Int32Array[]): RaggedBatch {
  const offsets = new Int32Array(texts.length + 1);
  for (const [i, { length }] of texts.entries()) offsets[i + 1] = offsets[i] + length;
  const ids = new Int32Array(offsets[texts.length]);
  const positions = new Int32Array(ids.length);
  for (const [i, text] of texts.entries()) {
    ids.set(text, offsets[i]);
    for (let at = 0; at < text.length; at++) positions[offsets[i] + at] = at;
  }
  return { ids, positions, offsets };
}
