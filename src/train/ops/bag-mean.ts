/**
 * Weighted mean of the table rows that a bag of ids names, without the `[tokens, hiddenSize]` block between: a hashed
 * text has up to a thousand ids, and copying its rows out would cost more than adding them up. Plain loops, because
 * the operation is memory traffic; sums are kept in double precision.
 */
import * as tf from '@tensorflow/tfjs-core';
import { PADDING_ID, type TokenBatch } from '../token-batch.ts';

interface Sizes extends TokenBatch {
  readonly hiddenSize: number;
  readonly vocabSize: number;
}

/** Sum of the weights of each bag; 1 for an empty bag, whose mean is 0. */
function weightSums({ batch, length, ids }: TokenBatch, weights: Float32Array): Float64Array {
  const sums = new Float64Array(batch);
  for (let b = 0; b < batch; b++) {
    for (let i = b * length; i < (b + 1) * length && ids[i] !== PADDING_ID; i++) sums[b] += weights[ids[i]];
    if (sums[b] === 0) sums[b] = 1;
  }
  return sums;
}

function forward(sizes: Sizes, table: Float32Array, weights: Float32Array): Float32Array {
  const { batch, length, ids, hiddenSize } = sizes;
  const sums = weightSums(sizes, weights);
  const means = new Float32Array(batch * hiddenSize);
  const total = new Float64Array(hiddenSize);
  for (let b = 0; b < batch; b++) {
    total.fill(0);
    for (let i = b * length; i < (b + 1) * length && ids[i] !== PADDING_ID; i++) {
      const weight = weights[ids[i]];
      const row = ids[i] * hiddenSize;
      for (let c = 0; c < hiddenSize; c++) total[c] += weight * table[row + c];
    }
    for (let c = 0; c < hiddenSize; c++) means[b * hiddenSize + c] = total[c] / sums[b];
  }
  return means;
}

/** With m = sum w_i e_i / s: dL/de_i = w_i / s dL/dm and dL/dw_i = (e_i - m) . dL/dm / s. */
function backward(
  sizes: Sizes,
  table: Float32Array,
  weights: Float32Array,
  means: Float32Array,
  dy: Float32Array,
): { table: Float32Array; weights: Float32Array } {
  const { batch, length, ids, hiddenSize, vocabSize } = sizes;
  const sums = weightSums(sizes, weights);
  const tableGradient = new Float32Array(vocabSize * hiddenSize);
  const weightGradient = new Float32Array(vocabSize);
  const gradient = new Float64Array(hiddenSize);
  for (let b = 0; b < batch; b++) {
    let atMean = 0;
    for (let c = 0; c < hiddenSize; c++) {
      gradient[c] = dy[b * hiddenSize + c] / sums[b];
      atMean += gradient[c] * means[b * hiddenSize + c];
    }
    for (let i = b * length; i < (b + 1) * length && ids[i] !== PADDING_ID; i++) {
      const id = ids[i];
      const weight = weights[id];
      const row = id * hiddenSize;
      let atRow = 0;
      for (let c = 0; c < hiddenSize; c++) {
        atRow += gradient[c] * table[row + c];
        tableGradient[row + c] += weight * gradient[c];
      }
      weightGradient[id] += atRow - atMean;
    }
  }
  return { table: tableGradient, weights: weightGradient };
}

/**
 * @param table `[vocabSize, hiddenSize]`
 * @param weights one number >= 0 an id, `[vocabSize]`
 * @returns `[batch, hiddenSize]`; a row of zeros for a bag without ids
 */
export function bagMean(table: tf.Tensor2D, weights: tf.Tensor1D, bags: TokenBatch): tf.Tensor2D {
  const [vocabSize, hiddenSize] = table.shape;
  const sizes: Sizes = { ...bags, vocabSize, hiddenSize };
  const op = tf.customGrad((...inputs) => {
    const [source, w] = inputs as unknown as [tf.Tensor2D, tf.Tensor1D];
    const rows = source.dataSync<'float32'>();
    const rowWeights = w.dataSync<'float32'>();
    const means = forward(sizes, rows, rowWeights);
    return {
      value: tf.tensor2d(means.slice(), [bags.batch, hiddenSize]),
      gradFunc: (dy) => {
        const gradients = backward(sizes, rows, rowWeights, means, dy.dataSync<'float32'>());
        return [tf.tensor2d(gradients.table, [vocabSize, hiddenSize]), tf.tensor1d(gradients.weights)];
      },
    };
  });
  return op(table, weights) as tf.Tensor2D;
}
