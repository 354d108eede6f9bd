/** Sum over rows. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Sums each column of `x` `[rows, columns]` -> `[columns]`, as a product with a row of ones: the wasm backend
 * transposes before it reduces over rows, which costs 25 times as much (2.2 against 0.08 ms for 8192 x 48).
 */
export function columnSum(x: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => tf.reshape(tf.matMul(tf.ones([1, x.shape[0]]), x), [x.shape[1]]));
}
