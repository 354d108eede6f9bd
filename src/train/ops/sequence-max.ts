/**
 * Largest value of each channel over the tokens of a text. The gradient goes to the first position that holds it, so
 * plain loops that remember the position beat a comparison of the whole block with its maxima.
 */
import * as tf from '@tensorflow/tfjs-core';
import { PADDING_ID, type TokenBatch } from '../token-batch.ts';

/** Position of the largest value of each text and channel, `[batch, width]`; -1 for an empty text. */
function positions(x: Float32Array, { batch, length, ids }: TokenBatch, width: number): Int32Array {
  const best = new Int32Array(batch * width).fill(-1);
  for (let b = 0; b < batch; b++) {
    for (let i = b * length; i < (b + 1) * length && ids[i] !== PADDING_ID; i++) {
      for (let c = 0; c < width; c++) {
        const at = best[b * width + c];
        if (at === -1 || x[i * width + c] > x[at * width + c]) best[b * width + c] = i;
      }
    }
  }
  return best;
}

/**
 * @param x `[batch * length, width]`
 * @returns `[batch, width]`; a row of zeros for an empty text
 */
export function sequenceMax(x: tf.Tensor2D, batch: TokenBatch): tf.Tensor2D {
  const [rows, width] = x.shape;
  const op = tf.customGrad((...inputs) => {
    const [input] = inputs as unknown as [tf.Tensor2D];
    const values = input.dataSync<'float32'>();
    const best = positions(values, batch, width);
    const largest = Float32Array.from(best, (at, i) => (at === -1 ? 0 : values[at * width + (i % width)]));
    return {
      value: tf.tensor2d(largest, [batch.batch, width]),
      gradFunc: (dy) => {
        const gradient = dy.dataSync<'float32'>();
        const dx = new Float32Array(rows * width);
        for (const [i, at] of best.entries()) if (at !== -1) dx[at * width + (i % width)] = gradient[i];
        return tf.tensor2d(dx, [rows, width]);
      },
    };
  });
  return op(x) as tf.Tensor2D;
}
