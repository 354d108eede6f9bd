/** What the tokens of a text weigh under a query: softmax before its division, which a weighted mean brings. */
import * as tf from '@tensorflow/tfjs-core';
import type { TokenBatch } from '../token-batch.ts';
import { sequenceMax } from './sequence-max.ts';

/**
 * `exp(x . query - m)`, where `m` is the largest product of the text. The gradient takes `m` for a constant, which is
 * right wherever weights count by their shares alone.
 *
 * @param x `[batch * length, width]`
 * @param query `[width]`
 * @returns `[batch * length]`, above 0 up to 1; numbers that mean nothing behind the end of a text
 */
export function queryWeights(x: tf.Tensor2D, query: tf.Tensor1D, tokens: TokenBatch): tf.Tensor1D {
  const { batch, length } = tokens;
  const [rows, width] = x.shape;
  const op = tf.customGrad((...inputs) => {
    const [values, q, save] = inputs as unknown as [tf.Tensor2D, tf.Tensor1D, tf.GradSaveFunc];
    const products = tf.matMul(values, tf.reshape(q, [width, 1])) as tf.Tensor2D;
    const largest = sequenceMax(products, tokens);
    // At most 0 also for what lies behind the end of a text, so that it stays finite.
    const below = tf.minimum(tf.sub(tf.reshape(products, [batch, length]), largest), 0);
    const weights = tf.reshape(tf.exp(below), [rows]);
    save([values, q, weights]);
    return {
      value: weights,
      gradFunc(dy, saved) {
        const [x0, q0, w0] = saved as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
        const d = tf.reshape(tf.mul(dy as tf.Tensor, w0), [rows, 1]) as tf.Tensor2D;
        return [tf.matMul(d, tf.reshape(q0, [1, width])), tf.reshape(tf.matMul(x0, d, true), [width])];
      },
    };
  });
  return op(x, query) as tf.Tensor1D;
}
