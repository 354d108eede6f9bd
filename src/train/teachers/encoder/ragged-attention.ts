/** Scaled dot-product attention (Vaswani et al. 2017, arXiv:1706.03762) of texts that follow each other. */
import * as tf from '@tensorflow/tfjs-core';

/** One head of one text: where its rows are, and where its columns of query, key and value begin. */
interface HeadView {
  readonly begin: number;
  readonly end: number;
  readonly query: number;
  readonly key: number;
  readonly value: number;
  /** Where its attention begins, `[length, length]`. */
  readonly attention: number;
}

function headViews(hidden: number, heads: number, offsets: Int32Array): readonly HeadView[] {
  const size = hidden / heads;
  const views: HeadView[] = [];
  let attention = 0;
  for (let text = 0; text + 1 < offsets.length; text++) {
    const [begin, end] = [offsets[text], offsets[text + 1]];
    for (let head = 0; head < heads; head++) {
      const query = head * size;
      views.push({ begin, end, query, key: hidden + query, value: 2 * hidden + query, attention });
      attention += (end - begin) ** 2;
    }
  }
  return views;
}

/** A matrix of rows, seen through a stretch of columns. */
interface Columns {
  readonly data: Float32Array;
  readonly stride: number;
  readonly column: number;
}

function dot(a: Columns, rowA: number, b: Columns, rowB: number, size: number): number {
  const startA = rowA * a.stride + a.column;
  const startB = rowB * b.stride + b.column;
  let sum = 0;
  for (let c = 0; c < size; c++) sum += a.data[startA + c] * b.data[startB + c];
  return sum;
}

function addScaled(to: Columns, rowTo: number, from: Columns, rowFrom: number, factor: number, size: number): void {
  const startTo = rowTo * to.stride + to.column;
  const startFrom = rowFrom * from.stride + from.column;
  for (let c = 0; c < size; c++) to.data[startTo + c] += factor * from.data[startFrom + c];
}

function softmax(row: Float32Array): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (const score of row) largest = Math.max(largest, score);
  let total = 0;
  for (let i = 0; i < row.length; i++) {
    row[i] = Math.exp(row[i] - largest);
    total += row[i];
  }
  for (let i = 0; i < row.length; i++) row[i] /= total;
}

/** @returns the attention of all heads, and what they make of the values, `[rows, hidden]` */
function attend(qkv: Float32Array, hidden: number, heads: number, offsets: Int32Array) {
  const size = hidden / heads;
  const scale = 1 / Math.sqrt(size);
  const views = headViews(hidden, heads, offsets);
  const last = views[views.length - 1];
  const attention = new Float32Array(last.attention + (last.end - last.begin) ** 2);
  const output = new Float32Array(offsets[offsets.length - 1] * hidden);
  for (const view of views) {
    const { begin, end } = view;
    const [query, key, value] = [view.query, view.key, view.value].map((column) => {
      return { data: qkv, stride: 3 * hidden, column };
    });
    const to = { data: output, stride: hidden, column: view.query };
    for (let i = begin; i < end; i++) {
      const start = view.attention + (i - begin) * (end - begin);
      const row = attention.subarray(start, start + end - begin);
      for (let j = begin; j < end; j++) row[j - begin] = scale * dot(query, i, key, j, size);
      softmax(row);
      for (let j = begin; j < end; j++) addScaled(to, i, value, j, row[j - begin], size);
    }
  }
  return { attention, output };
}

/** @returns the gradient of query, key and value, `[rows, 3 * hidden]` */
function attendBackwards(
  dy: Float32Array,
  qkv: Float32Array,
  attention: Float32Array,
  hidden: number,
  heads: number,
  offsets: Int32Array,
): Float32Array {
  const size = hidden / heads;
  const scale = 1 / Math.sqrt(size);
  const gradient = new Float32Array(qkv.length);
  for (const view of headViews(hidden, heads, offsets)) {
    const { begin, end } = view;
    const at = (data: Float32Array, column: number): Columns => ({ data, stride: 3 * hidden, column });
    const output = { data: dy, stride: hidden, column: view.query };
    const towards = new Float32Array(end - begin);
    for (let i = begin; i < end; i++) {
      const start = view.attention + (i - begin) * (end - begin);
      const row = attention.subarray(start, start + end - begin);
      let mean = 0;
      for (let j = begin; j < end; j++) {
        addScaled(at(gradient, view.value), j, output, i, row[j - begin], size);
        towards[j - begin] = dot(output, i, at(qkv, view.value), j, size);
        mean += row[j - begin] * towards[j - begin];
      }
      for (let j = begin; j < end; j++) {
        const factor = scale * row[j - begin] * (towards[j - begin] - mean);
        addScaled(at(gradient, view.query), i, at(qkv, view.key), j, factor, size);
        addScaled(at(gradient, view.key), j, at(qkv, view.query), i, factor, size);
      }
    }
  }
  return gradient;
}

/**
 * Every token attends to all tokens of its own text.
 *
 * @param qkv query, key and value side by side, `[rows, 3 * hidden]`; the heads lie side by side in each
 * @param heads a divisor of `hidden`
 * @param offsets where each text begins, and where the last one ends, `[texts + 1]`
 * @returns `[rows, hidden]`
 */
export function attention(qkv: tf.Tensor2D, heads: number, offsets: Int32Array): tf.Tensor2D {
  const [rows, width] = qkv.shape;
  const hidden = width / 3;
  const op = tf.customGrad((...inputs) => {
    const values = (inputs[0] as tf.Tensor).dataSync<'float32'>();
    const { attention: weights, output } = attend(values, hidden, heads, offsets);
    return {
      value: tf.tensor2d(output, [rows, hidden]),
      gradFunc: (dy) =>
        tf.tensor2d(attendBackwards(dy.dataSync<'float32'>(), values, weights, hidden, heads, offsets), [rows, width]),
    };
  });
  return op(qkv) as tf.Tensor2D;
}
