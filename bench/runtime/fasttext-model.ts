/**
 * Writes a model file of fastText (github.com/facebookresearch/fastText, version 12 of its format): a table with a row a
 * word, and a linear layer behind the mean of the rows.
 */

const MAGIC = 793_712_314;
const VERSION = 12;
const SUPERVISED = 3;
const SOFTMAX = 3;

/** A model without n-grams. */
export interface FastTextModel {
  readonly words: readonly string[];
  /** Spelled with `__label__`. */
  readonly labels: readonly string[];
  readonly width: number;
  /** `[words, width]`. */
  readonly table: Float32Array;
  /** `[labels, width]`. */
  readonly weights: Float32Array;
}

/** @returns the bytes of a `.bin` file */
export function fastTextModel({ words, labels, width, table, weights }: FastTextModel): Uint8Array {
  const parts: Buffer[] = [];
  const int32 = (...values: number[]): void => void parts.push(Buffer.from(Int32Array.from(values).buffer));
  const int64 = (...values: number[]): void => void parts.push(Buffer.from(BigInt64Array.from(values, BigInt).buffer));
  const floats = (values: Float32Array): void =>
    void parts.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  const flag = (value: number): void => void parts.push(Buffer.from([value]));

  int32(MAGIC, VERSION);
  // dim, ws, epoch, minCount, neg, wordNgrams, loss, model, bucket, minn, maxn, lrUpdateRate; then t.
  int32(width, 5, 5, 1, 5, 1, SOFTMAX, SUPERVISED, 0, 0, 0, 100);
  parts.push(Buffer.from(Float64Array.of(1e-4).buffer));
  int32(words.length + labels.length, words.length, labels.length);
  // Tokens of the training text, and that no word was pruned.
  int64(words.length, -1);
  for (const [kind, entries] of [words, labels].entries()) {
    for (const entry of entries) {
      parts.push(Buffer.from(`${entry}\0`));
      int64(1);
      flag(kind);
    }
  }
  for (const [rows, values] of [
    [words.length, table],
    [labels.length, weights],
  ] as const) {
    // Not quantized.
    flag(0);
    int64(rows, width);
    floats(values);
  }
  return Buffer.concat(parts);
}
