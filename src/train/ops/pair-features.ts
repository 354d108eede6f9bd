/** `[u; v; |u - v|; u * v]` (Conneau et al. 2017, arXiv:1705.02364). The gradient is written out. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * @param x `[2 * pairs, width]`: the first text of every pair, then the second of every pair
 * @returns `[pairs, 4 * width]`
 */
export function pairFeatures(x: tf.Tensor2D): tf.Tensor2D {
  const op = tf.customGrad((...inputs) => {
    const [input, save] = inputs as unknown as [tf.Tensor2D, tf.GradSaveFunc];
    const [u, v] = halves(input);
    save([input]);
    return { value: tf.concat([u, v, tf.abs(tf.sub(u, v)), tf.mul(u, v)], 1), gradFunc: gradient };
  });
  return op(x) as tf.Tensor2D;
}

function halves(x: tf.Tensor2D): readonly [tf.Tensor2D, tf.Tensor2D] {
  const [rows, width] = x.shape;
  return [tf.slice(x, [0, 0], [rows / 2, width]), tf.slice(x, [rows / 2, 0], [rows / 2, width])];
}

function gradient(dy: tf.Tensor, [x]: tf.Tensor[]): tf.Tensor {
  const [u, v] = halves(x as tf.Tensor2D);
  const [pairs, width] = u.shape;
  const [du, dv, distance, product] = [0, 1, 2, 3].map((part) =>
    tf.slice(dy as tf.Tensor2D, [0, part * width], [pairs, width]),
  );
  const apart = tf.mul(distance, tf.sub(tf.step(tf.sub(u, v)), tf.step(tf.sub(v, u))));
  return tf.concat([tf.add(tf.add(du, apart), tf.mul(v, product)), tf.add(tf.sub(dv, apart), tf.mul(u, product))]);
}
