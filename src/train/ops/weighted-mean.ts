/**
 * Weighted mean over the tokens of each text. A token's row is that of its id in a table (a bag of tokens: the engine
 * adds the rows up where they lie, because a hashed text has up to a thousand of them), or that of its position in the
 * batch (vectors that depend on their context). Its weight is that of its id.
 */
import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from '../engine/run.ts';
import type { TokenBatch } from '../token-batch.ts';
import { addRows, readRows } from './gather-rows.ts';

/** Which row a token reads. */
export type RowsBy = 'id' | 'position';

/** One mean and the way back. */
interface Mean {
  readonly means: tf.Tensor2D;
  /** What the gradient needs. */
  readonly kept: tf.Tensor[];
  gradients(dy: tf.Tensor, kept: readonly tf.Tensor[]): tf.Tensor[];
}

function onEngine(rows: tf.Tensor2D, weights: tf.Tensor1D, tokens: TokenBatch, rowsBy: RowsBy): Mean {
  const attributes = { ...tokens, rowsBy };
  const [means, sums] = runKernel('RetortWeightedMean', { rows, weights }, attributes);
  return {
    means: means as tf.Tensor2D,
    kept: [rows, weights, means, sums],
    gradients(dy, [r, w, m, s]) {
      return runKernel('RetortWeightedMeanGradient', { rows: r, weights: w, means: m, sums: s, dy }, attributes);
    },
  };
}

/** With m = sum w_i x_i / s: dL/dx_i = w_i / s dL/dm and dL/dw_i = (x_i - m) . dL/dm / s. */
function composed(rows: tf.Tensor2D, weights: tf.Tensor1D, { batch, length, ids }: TokenBatch, rowsBy: RowsBy): Mean {
  const [rowCount, width] = rows.shape;
  const [weightCount] = weights.shape;
  const x = tf.reshape(rowsBy === 'id' ? readRows(rows, ids) : rows, [batch, length, width]);
  const w = tf.reshape(readRows(tf.reshape(weights, [weightCount, 1]), ids), [batch, length, 1]);
  const sums = tf.sum(w, 1, true);
  const divisors = tf.add(sums, tf.cast(tf.equal(sums, 0), 'float32'));
  const shares = tf.div(w, divisors);
  const means = tf.sum(tf.mul(x, shares), 1, true);
  return {
    means: tf.reshape(means, [batch, width]),
    kept: [x, shares, means, divisors],
    gradients(dy, [keptX, keptShares, keptMeans, keptDivisors]) {
      const gradient = tf.reshape(dy, [batch, 1, width]);
      const dx = tf.reshape(tf.mul(keptShares, gradient), [batch * length, width]) as tf.Tensor2D;
      const towards = tf.div(tf.sum(tf.mul(tf.sub(keptX, keptMeans), gradient), 2, true), keptDivisors);
      const dw = addRows(tf.reshape(towards, [batch * length, 1]), ids, weightCount);
      return [rowsBy === 'id' ? addRows(dx, ids, rowCount) : dx, tf.reshape(dw, [weightCount])];
    },
  };
}

/**
 * @param rows `[numRows, width]`, by position `[batch * length, width]`
 * @param weights one number > 0 an id, `[vocabSize]`
 * @returns `[batch, width]`; a row of zeros for an empty text
 */
export function weightedMean(rows: tf.Tensor2D, weights: tf.Tensor1D, tokens: TokenBatch, rowsBy: RowsBy): tf.Tensor2D {
  const op = tf.customGrad((...inputs) => {
    const [r, w, save] = inputs as unknown as [tf.Tensor2D, tf.Tensor1D, tf.GradSaveFunc];
    const { means, kept, gradients } = (hasKernel('RetortWeightedMean') ? onEngine : composed)(r, w, tokens, rowsBy);
    save(kept);
    return { value: means, gradFunc: (dy, saved) => gradients(dy as tf.Tensor, saved) };
  });
  return op(rows, weights) as tf.Tensor2D;
}
