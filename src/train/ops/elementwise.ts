/**
 * Elementwise operations of a student, each with its gradient. No operation of a student relies on the gradients that
 * come with TensorFlow.js: they are registered by a module that its Node build leaves out, and several of them call
 * kernels that the wasm backend lacks.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../format/index.ts';
import { hasKernel, runKernel } from '../engine/run.ts';

/** A function and its derivative; `y` is its value at `x`. */
interface Differentiable {
  readonly value: (x: tf.Tensor) => tf.Tensor;
  readonly derivative: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor;
}

/** The normal distribution function. */
const normalCdf = (x: tf.Tensor): tf.Tensor => tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5);
const normalDensity = (x: tf.Tensor): tf.Tensor =>
  tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));

const ACTIVATIONS: { readonly [A in Exclude<Activation, 'none'>]: Differentiable } = {
  relu: { value: (x) => tf.relu(x), derivative: (_, y) => tf.step(y) },
  // The exact form, x times the normal distribution function (Hendrycks & Gimpel 2016, arXiv:1606.08415).
  gelu: {
    value: (x) => tf.mul(x, normalCdf(x)),
    derivative: (x) => tf.add(normalCdf(x), tf.mul(x, normalDensity(x))),
  },
  silu: {
    value: (x) => tf.mul(x, tf.sigmoid(x)),
    derivative(x, y) {
      const s = tf.sigmoid(x);
      return tf.add(s, tf.mul(y, tf.sub(1, s)));
    },
  },
};

const EXPONENTIAL: Differentiable = { value: (x) => tf.exp(x), derivative: (_, y) => y };

function apply<T extends tf.Tensor>(x: T, { value, derivative }: Differentiable): T {
  const op = tf.customGrad((...inputs) => {
    const [input, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
    const output = value(input);
    save([input, output]);
    return { value: output, gradFunc: (dy, saved) => tf.mul(dy, derivative(saved[0], saved[1])) };
  });
  return op(x) as T;
}

/** Applies `activation` to every number of `x`. */
export function activate<T extends tf.Tensor>(x: T, activation: Activation): T {
  if (activation === 'none') return x;
  if (!hasKernel('RetortActivate')) return apply(x, ACTIVATIONS[activation]);
  const op = tf.customGrad((...inputs) => {
    const [input, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([input]);
    return {
      value: runKernel('RetortActivate', { x: input }, { activation })[0],
      gradFunc: (dy, saved) => runKernel('RetortActivateGradient', { x: saved[0], dy }, { activation })[0],
    };
  });
  return op(x) as T;
}

/** `exp(x)` */
export function exponential<T extends tf.Tensor>(x: T): T {
  return apply(x, EXPONENTIAL);
}

/** `a + b`, of one shape */
export function sum<T extends tf.Tensor>(a: T, b: T): T {
  return tf.customGrad((x, y) => ({ value: tf.add(x as tf.Tensor, y as tf.Tensor), gradFunc: (dy) => [dy, dy] }))(
    a,
    b,
  ) as T;
}

/** `x` times `factors`, which are no parameters: same number of elements, row-major */
export function multiplyByConstant<T extends tf.Tensor>(x: T, factors: Float32Array): T {
  const op = tf.customGrad((...inputs) => {
    const [input, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
    const constant = tf.tensor(factors, input.shape);
    save([constant]);
    return { value: tf.mul(input, constant), gradFunc: (dy, saved) => tf.mul(dy, saved[0]) };
  });
  return op(x) as T;
}
