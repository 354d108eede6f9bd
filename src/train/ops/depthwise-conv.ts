/**
 * Depthwise convolution along time. Where the engine is not, as shifted copies: with zeros between the texts of a batch,
 * tap `t` is the whole batch moved by `t` rows, one contiguous copy, times one number a channel. The gradient with
 * respect to the input is the same with the taps reversed.
 */
import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from '../engine/run.ts';
import { type TokenBatch, tokenMask } from '../token-batch.ts';
import { columnSum } from './column-sum.ts';

interface Shape {
  readonly batch: number;
  readonly length: number;
  readonly channels: number;
  readonly kernelSize: number;
}

/** Texts of `[batch * length, channels]` with rows of zeros before and after each, and behind the last one. */
function padTexts(x: tf.Tensor, shape: Shape, before: number, after: number, behind: number): tf.Tensor1D {
  const { batch, length, channels } = shape;
  const texts = tf.reshape(x, [batch, length * channels]);
  const padded = tf.pad(texts, [
    [0, 0],
    [before * channels, after * channels],
  ]);
  return tf.pad(tf.reshape(padded, [-1]), [[0, behind * channels]]);
}

/** The rows of `padded` moved up by `tap`: `[batch * (length + kernelSize - 1), channels]`. */
function shifted(padded: tf.Tensor1D, { batch, length, channels, kernelSize }: Shape, tap: number): tf.Tensor2D {
  const rows = batch * (length + kernelSize - 1);
  return tf.reshape(tf.slice(padded, [tap * channels], [rows * channels]), [rows, channels]);
}

/** Sum of the shifted rows, each times its tap `[1, channels]`; `[batch * length, channels]`. */
function correlate(padded: tf.Tensor1D, taps: readonly tf.Tensor[], shape: Shape): tf.Tensor2D {
  const { batch, length, channels } = shape;
  const terms = taps.map((weight, tap) => tf.mul(shifted(padded, shape, tap), weight));
  const total = terms.reduce((sum, term) => tf.add(sum, term));
  const texts = tf.slice(tf.reshape(total, [batch, -1]), [0, 0], [batch, length * channels]);
  return tf.reshape(texts, [batch * length, channels]);
}

type Inputs = readonly [x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D];

function onEngine([x, weight, bias]: Inputs, save: tf.GradSaveFunc, { batch, length, ids }: TokenBatch) {
  const texts = { batch, length, ids };
  save([x, weight]);
  return {
    value: runKernel('RetortDepthwiseConv', { x, weight, bias }, texts)[0],
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
      runKernel('RetortDepthwiseConvGradient', { x: saved[0], weight: saved[1], dy }, texts),
  };
}

function composed([x, weight, bias]: Inputs, save: tf.GradSaveFunc, tokens: TokenBatch) {
  const { batch, length } = tokens;
  const [channels, kernelSize] = weight.shape;
  const shape = { batch, length, channels, kernelSize };
  const half = (kernelSize - 1) / 2;
  // A text ends in zeros, not in what padding holds.
  const mask = tf.tensor2d(tokenMask(tokens), [batch * length, 1]);
  const padded = padTexts(tf.mul(x, mask), shape, half, half, 2 * half);
  const taps = tf.split(tf.transpose(weight), kernelSize);
  save([padded, mask, ...taps]);
  return {
    value: tf.add(correlate(padded, taps, shape), bias),
    gradFunc(dy: tf.Tensor, saved: tf.Tensor[]) {
      const [savedPadded, savedMask, ...savedTaps] = saved as [tf.Tensor1D, ...tf.Tensor[]];
      const aligned = shifted(padTexts(dy, shape, 0, 2 * half, 0), shape, 0);
      const tapGradients = savedTaps.map((_, tap) => columnSum(tf.mul(shifted(savedPadded, shape, tap), aligned)));
      const dx = correlate(padTexts(dy, shape, half, half, 2 * half), [...savedTaps].reverse(), shape);
      return [tf.mul(dx, savedMask), tf.transpose(tf.stack(tapGradients)), columnSum(dy as tf.Tensor2D)];
    },
  };
}

/**
 * Stride 1, zero padding that keeps the length, plus a bias.
 *
 * @param x `[batch * length, channels]`
 * @param weight `[channels, kernelSize]`, `kernelSize` odd
 * @param bias `[channels]`
 * @returns `[batch * length, channels]`
 */
export function depthwiseConv(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D, tokens: TokenBatch): tf.Tensor2D {
  const op = tf.customGrad((...inputs) => {
    const [values, w, b, save] = inputs as unknown as [...Inputs, tf.GradSaveFunc];
    return (hasKernel('RetortDepthwiseConv') ? onEngine : composed)([values, w, b], save, tokens);
  });
  return op(x, weight, bias) as tf.Tensor2D;
}
