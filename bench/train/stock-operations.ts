/**
 * What the networks of `stock.ts` are made of, as a user of TensorFlow.js writes it. Two things are ours: the gradient
 * of `tf.gather`, whose kernel the wasm backend lacks, and a depthwise convolution out of shifted products, since it
 * lacks the gradients of `tf.depthwiseConv2d` too.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Parameters by name. */
export type Variables = ReadonlyMap<string, tf.Variable>;

/** `tf.gather` of rows, with a gradient of the size of the table. */
export function lookUp(table: tf.Tensor, ids: Int32Array): tf.Tensor {
  const [rows, columns] = table.shape;
  return tf.customGrad((x) => ({
    value: tf.gather(x as tf.Tensor, tf.tensor1d(ids, 'int32')),
    gradFunc: (dy) => {
      const gradient = new Float32Array(rows * columns);
      const values = dy.dataSync();
      for (const [i, id] of ids.entries()) {
        for (let c = 0; c < columns; c++) gradient[id * columns + c] += values[i * columns + c];
      }
      return tf.tensor2d(gradient, [rows, columns]);
    },
  }))(table);
}

/** `x W^T + b`. */
export function affine(variables: Variables, name: string, x: tf.Tensor): tf.Tensor {
  const product = tf.matMul(x, variables.get(`${name}.weight`)!, false, true);
  return tf.add(product, variables.get(`${name}.bias`)!);
}

/** Layer normalization. */
export function normalize(epsilon: number, variables: Variables, name: string, x: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  const normalized = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(normalized, variables.get(`${name}.weight`)!), variables.get(`${name}.bias`)!);
}

/** Depthwise convolution of `[batch, length, channels]` with zeros around it. */
export function convolve(variables: Variables, name: string, x: tf.Tensor3D): tf.Tensor3D {
  const weight = variables.get(`${name}.weight`)!;
  const [channels, kernelSize] = weight.shape;
  const [batch, length] = x.shape;
  const around = (kernelSize - 1) / 2;
  const padded = tf.pad3d(x, [
    [0, 0],
    [around, around],
    [0, 0],
  ]);
  const taps = tf.split(tf.transpose(weight), kernelSize);
  const products = taps.map((tap, k) =>
    tf.mul(tf.slice3d(padded, [0, k, 0], [batch, length, channels]), tf.reshape(tap, [1, 1, channels])),
  );
  return tf.add(
    products.reduce((sum, product) => tf.add(sum, product)),
    variables.get(`${name}.bias`)!,
  );
}
