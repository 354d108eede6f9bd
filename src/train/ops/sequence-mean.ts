/** Weighted mean over the tokens of each text, of vectors that depend on their context. */
import * as tf from '@tensorflow/tfjs-core';
import { PADDING_ID, type TokenBatch } from '../token-batch.ts';

/** The share of each position in the mean of its text: its weight over the sum of them, 0 for padding. */
function shares(
  { batch, length, ids }: TokenBatch,
  weights: Float32Array,
): { share: Float64Array; sums: Float64Array } {
  const share = new Float64Array(ids.length);
  const sums = new Float64Array(batch);
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === PADDING_ID) continue;
    share[i] = weights[ids[i]];
    sums[Math.floor(i / length)] += share[i];
  }
  for (let i = 0; i < ids.length; i++) if (share[i] > 0) share[i] /= sums[Math.floor(i / length)];
  return { share, sums };
}

function forward(x: Float32Array, share: Float64Array, { batch, length }: TokenBatch, width: number): Float32Array {
  const means = new Float32Array(batch * width);
  const mean = new Float64Array(width);
  for (let b = 0; b < batch; b++) {
    mean.fill(0);
    for (let i = b * length; i < (b + 1) * length; i++) {
      for (let c = 0; c < width; c++) mean[c] += share[i] * x[i * width + c];
    }
    means.set(mean, b * width);
  }
  return means;
}

/**
 * @param x `[batch * length, width]`
 * @param weights one number > 0 an id, `[vocabSize]`
 * @returns `[batch, width]`; a row of zeros for an empty text
 */
export function sequenceMean(x: tf.Tensor2D, weights: tf.Tensor1D, batch: TokenBatch): tf.Tensor2D {
  const width = x.shape[1];
  const { length, ids } = batch;
  const op = tf.customGrad((...inputs) => {
    const [values, w] = (inputs.slice(0, 2) as tf.Tensor[]).map((tensor) => tensor.dataSync<'float32'>());
    const { share, sums } = shares(batch, w);
    const means = forward(values, share, batch, width);
    return {
      value: tf.tensor2d(means.slice(), [batch.batch, width]),
      gradFunc: (dy) => {
        const gradient = dy.dataSync<'float32'>();
        const dx = new Float32Array(values.length);
        const dw = new Float32Array(w.length);
        for (let i = 0; i < ids.length; i++) {
          if (ids[i] === PADDING_ID) continue;
          const text = Math.floor(i / length);
          let towards = 0;
          for (let c = 0; c < width; c++) {
            const g = gradient[text * width + c];
            dx[i * width + c] = share[i] * g;
            towards += g * (values[i * width + c] - means[text * width + c]);
          }
          dw[ids[i]] += towards / sums[text];
        }
        return [tf.tensor2d(dx, [ids.length, width]), tf.tensor1d(dw)];
      },
    };
  });
  return op(x, weights) as tf.Tensor2D;
}
