/**
 * Scaled dot-product attention of several heads (Vaswani et al. 2017, arXiv:1706.03762) over sequences that follow one
 * another without padding, and its gradient. Query, key and value lie side by side in a row, the heads side by side in
 * each. The probabilities of every sequence and head, `[length, length]`, are kept for the gradient.
 */
import { dropRun } from './dropout';
import { productScratchBytes, stridedProduct } from './product';
import { softmaxRow, softmaxRowGradient } from './softmax';

/** Bytes of scratch for sequences of at most `longest` rows. */
export function attentionScratchBytes(longest: i32): usize {
  return productScratchBytes() + <usize>longest * <usize>longest * 8;
}

/**
 * @param out `[rows, heads * size]`
 * @param probabilities of all sequences and heads, one after the other, before dropout
 * @param qkv `[rows, 3 * heads * size]`
 * @param offsets i32, first row of each sequence and the end of the last, `[sequences + 1]`
 * @param dropRate share of the probabilities that is dropped, 0 for none
 */
export function attention(
  out: usize,
  probabilities: usize,
  qkv: usize,
  offsets: usize,
  sequences: i32,
  heads: i32,
  size: i32,
  dropRate: f32,
  seed: i32,
  scratch: usize,
): void {
  const hidden = (<usize>(heads * size)) << 2;
  const stride = 3 * hidden;
  const scale = <f32>1 / sqrt<f32>(<f32>size);
  const weights = scratch + productScratchBytes();
  let index = 0;
  for (let s = 0; s < sequences; s++) {
    const begin = load<i32>(offsets + ((<usize>s) << 2));
    const length = load<i32>(offsets + ((<usize>s) << 2), 4) - begin;
    const row = (<usize>length) << 2;
    for (let h = 0; h < heads; h++) {
      const head = (<usize>(h * size)) << 2;
      const q = qkv + <usize>begin * stride + head;
      const p = probabilities + ((<usize>index) << 2);
      stridedProduct(p, row, q, stride, false, q + hidden, stride, true, 0, length, length, size, scratch);
      for (let i = 0; i < length; i++) softmaxRow(p + <usize>i * row, length, scale);
      let factors = p;
      if (dropRate > 0) {
        dropRun(weights, p, index, length * length, dropRate, seed);
        factors = weights;
      }
      const target = out + <usize>begin * hidden + head;
      const v = q + 2 * hidden;
      stridedProduct(target, hidden, factors, row, false, v, stride, false, 0, length, size, length, scratch);
      index += length * length;
    }
  }
}

/**
 * @param dqkv `[rows, 3 * heads * size]`
 * @param dy gradient of `out`
 */
export function attentionGradient(
  dqkv: usize,
  qkv: usize,
  probabilities: usize,
  dy: usize,
  offsets: usize,
  sequences: i32,
  heads: i32,
  size: i32,
  dropRate: f32,
  seed: i32,
  scratch: usize,
): void {
  const hidden = (<usize>(heads * size)) << 2;
  const stride = 3 * hidden;
  const scale = <f32>1 / sqrt<f32>(<f32>size);
  const change = scratch + productScratchBytes();
  let index = 0;
  for (let s = 0; s < sequences; s++) {
    const begin = load<i32>(offsets + ((<usize>s) << 2));
    const length = load<i32>(offsets + ((<usize>s) << 2), 4) - begin;
    const count = length * length;
    const row = (<usize>length) << 2;
    const weights = change + ((<usize>count) << 2);
    for (let h = 0; h < heads; h++) {
      const at = <usize>begin * stride + ((<usize>(h * size)) << 2);
      const q = qkv + at;
      const k = q + hidden;
      const v = k + hidden;
      const d = dy + <usize>begin * hidden + ((<usize>(h * size)) << 2);
      const p = probabilities + ((<usize>index) << 2);
      stridedProduct(change, row, d, hidden, false, v, stride, true, 0, length, length, size, scratch);
      let factors = p;
      if (dropRate > 0) {
        dropRun(change, change, index, count, dropRate, seed);
        dropRun(weights, p, index, count, dropRate, seed);
        factors = weights;
      }
      for (let i = 0; i < length; i++) softmaxRowGradient(change + <usize>i * row, p + <usize>i * row, length, scale);
      const dq = dqkv + at;
      stridedProduct(dq, stride, change, row, false, k, stride, false, 0, length, size, length, scratch);
      stridedProduct(dq + hidden, stride, change, row, true, q, stride, false, 0, length, size, length, scratch);
      stridedProduct(dq + 2 * hidden, stride, factors, row, true, d, hidden, false, 0, length, size, length, scratch);
      index += count;
    }
  }
}
