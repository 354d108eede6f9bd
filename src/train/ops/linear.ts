/** `x W^T + b`. The gradient is written out, so that no backend needs gradients of its own. */
import * as tf from '@tensorflow/tfjs-core';
import { columnSum } from './column-sum.ts';

/**
 * @param x `[rows, inputSize]`
 * @param weight `[outputSize, inputSize]`
 * @param bias `[outputSize]`
 * @returns `[rows, outputSize]`
 */
export function linear(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const op = tf.customGrad((...inputs) => {
    const [a, b, c, save] = inputs as unknown as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, tf.GradSaveFunc];
    save([a, b]);
    return {
      value: tf.fused.matMul({ a, b, transposeB: true, bias: c }),
      gradFunc: (dy, saved) => {
        const [savedX, savedWeight] = saved as [tf.Tensor2D, tf.Tensor2D];
        const gradient = dy as tf.Tensor2D;
        return [tf.matMul(gradient, savedWeight), tf.matMul(gradient, savedX, true), columnSum(gradient)];
      },
    };
  });
  return op(x, weight, bias) as tf.Tensor2D;
}
