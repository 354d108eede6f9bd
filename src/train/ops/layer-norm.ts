/** Layer normalization (Ba et al. 2016, arXiv:1607.06450) with its gradient in closed form: half the passes of autodiff. */
import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from '../engine/run.ts';
import { columnSum } from './column-sum.ts';

type Forward = readonly [y: tf.Tensor2D, normalized: tf.Tensor2D, inverses: tf.Tensor];
type Gradients = [dx: tf.Tensor, dWeight: tf.Tensor, dBias: tf.Tensor];

function normalize(x: tf.Tensor2D, weight: tf.Tensor1D, bias: tf.Tensor1D, epsilon: number): Forward {
  if (hasKernel('RetortLayerNorm')) {
    return runKernel('RetortLayerNorm', { x, weight, bias }, { epsilon }) as unknown as Forward;
  }
  const centered = tf.sub(x, tf.mean(x, 1, true));
  const inverses = tf.rsqrt(tf.add(tf.mean(tf.square(centered), 1, true), epsilon));
  const normalized = tf.mul(centered, inverses) as tf.Tensor2D;
  return [tf.add(tf.mul(normalized, weight), bias), normalized, inverses];
}

function gradients(dy: tf.Tensor, normalized: tf.Tensor2D, inverses: tf.Tensor, weight: tf.Tensor): Gradients {
  if (hasKernel('RetortLayerNormGradient')) {
    return runKernel('RetortLayerNormGradient', { normalized, inverses, weight, dy }, {}) as Gradients;
  }
  const gradient = tf.mul(dy, weight);
  const along = tf.mul(normalized, tf.mean(tf.mul(gradient, normalized), 1, true));
  const dx = tf.mul(inverses, tf.sub(tf.sub(gradient, tf.mean(gradient, 1, true)), along));
  return [dx, columnSum(tf.mul(dy, normalized) as tf.Tensor2D), columnSum(dy as tf.Tensor2D)];
}

/**
 * `(x - mean) / sqrt(variance + epsilon) * weight + bias` of each row; the variance is that of the population.
 *
 * @param x `[rows, hiddenSize]`
 * @param weight `[hiddenSize]`
 * @param bias `[hiddenSize]`
 */
export function layerNorm(x: tf.Tensor2D, weight: tf.Tensor1D, bias: tf.Tensor1D, epsilon: number): tf.Tensor2D {
  const op = tf.customGrad((...inputs) => {
    const [input, w, b, save] = inputs as unknown as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D, tf.GradSaveFunc];
    const [value, normalized, inverses] = normalize(input, w, b, epsilon);
    save([normalized, inverses, w]);
    return {
      value,
      gradFunc: (dy, saved) => {
        const [savedNormalized, savedInverses, savedWeight] = saved;
        return gradients(dy, savedNormalized as tf.Tensor2D, savedInverses, savedWeight);
      },
    };
  });
  return op(x, weight, bias) as tf.Tensor2D;
}
