/** One vector a text from the vectors of its tokens, with its gradient. */
import * as tf from '@tensorflow/tfjs-core';

/** The mean over all tokens, special ones included (as sentence-transformers has it), or the first token's vector. */
export type Pooling = 'mean' | 'cls';

/** First row of a text, and how many of its rows count. */
function counted(offsets: Int32Array, text: number, pooling: Pooling): readonly [first: number, rows: number] {
  return [offsets[text], pooling === 'cls' ? 1 : offsets[text + 1] - offsets[text]];
}

function means(x: Float32Array, width: number, offsets: Int32Array, pooling: Pooling): Float32Array {
  const pooled = new Float32Array((offsets.length - 1) * width);
  const sum = new Float64Array(width);
  for (let text = 0; text + 1 < offsets.length; text++) {
    const [first, rows] = counted(offsets, text, pooling);
    sum.fill(0);
    for (let row = first; row < first + rows; row++) for (let c = 0; c < width; c++) sum[c] += x[row * width + c];
    for (let c = 0; c < width; c++) pooled[text * width + c] = sum[c] / rows;
  }
  return pooled;
}

function spread(dy: Float32Array, width: number, offsets: Int32Array, pooling: Pooling): Float32Array {
  const dx = new Float32Array(offsets[offsets.length - 1] * width);
  for (let text = 0; text + 1 < offsets.length; text++) {
    const [first, rows] = counted(offsets, text, pooling);
    for (let row = first; row < first + rows; row++) {
      for (let c = 0; c < width; c++) dx[row * width + c] = dy[text * width + c] / rows;
    }
  }
  return dx;
}

/**
 * @param x `[rows, width]`
 * @param offsets where each text begins, and where the last one ends, `[texts + 1]`; no text is empty
 * @returns `[texts, width]`
 */
export function pool(x: tf.Tensor2D, offsets: Int32Array, pooling: Pooling): tf.Tensor2D {
  const [rows, width] = x.shape;
  const op = tf.customGrad((...inputs) => ({
    value: tf.tensor2d(means((inputs[0] as tf.Tensor).dataSync<'float32'>(), width, offsets, pooling), [
      offsets.length - 1,
      width,
    ]),
    gradFunc: (dy) => tf.tensor2d(spread(dy.dataSync<'float32'>(), width, offsets, pooling), [rows, width]),
  }));
  return op(x) as tf.Tensor2D;
}
