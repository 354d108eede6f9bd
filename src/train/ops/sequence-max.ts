/** Largest value of each channel over the tokens of a text. The gradient goes to the first position that holds it. */
import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from '../engine/run.ts';
import { type TokenBatch, tokenMask } from '../token-batch.ts';

/** Below every number that a network computes. */
const LOW = -1e30;

function onEngine(x: tf.Tensor2D, save: tf.GradSaveFunc, tokens: TokenBatch) {
  const [values, positions] = runKernel('RetortSequenceMax', { x }, tokens);
  save([positions]);
  return {
    value: values as tf.Tensor2D,
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
      runKernel('RetortSequenceMaxGradient', { positions: saved[0], dy }, { rows: x.shape[0] })[0],
  };
}

function composed(x: tf.Tensor2D, save: tf.GradSaveFunc, tokens: TokenBatch) {
  const { batch, length } = tokens;
  const [rows, width] = x.shape;
  const mask = tf.tensor3d(tokenMask(tokens), [batch, length, 1]);
  const values = tf.add(tf.mul(tf.reshape(x, [batch, length, width]), mask), tf.mul(tf.sub(1, mask), LOW));
  const hasTokens = tf.max(mask, 1);
  save([tf.argMax(values, 1), hasTokens]);
  return {
    value: tf.mul(tf.max(values, 1), hasTokens) as tf.Tensor2D,
    gradFunc(dy: tf.Tensor, [best, some]: tf.Tensor[]) {
      const positions = tf.reshape(tf.range(0, length, 1, 'int32'), [1, length, 1]);
      const isBest = tf.cast(tf.equal(positions, tf.reshape(best, [batch, 1, width])), 'float32');
      return tf.reshape(tf.mul(isBest, tf.reshape(tf.mul(dy, some), [batch, 1, width])), [rows, width]);
    },
  };
}

/**
 * @param x `[batch * length, width]`
 * @returns `[batch, width]`; a row of zeros for an empty text
 */
export function sequenceMax(x: tf.Tensor2D, tokens: TokenBatch): tf.Tensor2D {
  const op = tf.customGrad((...inputs) => {
    const [input, save] = inputs as unknown as [tf.Tensor2D, tf.GradSaveFunc];
    return (hasKernel('RetortSequenceMax') ? onEngine : composed)(input, save, tokens);
  });
  return op(x) as tf.Tensor2D;
}
