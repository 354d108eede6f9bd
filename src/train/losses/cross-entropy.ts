/**
 * The model loss: cross-entropy with the gold targets, over the labelled rows of a batch. Softmax for one label a text,
 * one Bernoulli variable a label for several.
 */
import type { LossGradient, Matrix } from './loss.ts';
import { logSoftmaxRows, sigmoid, softplus } from './probabilities.ts';

/** Gold targets of a batch: `[columns]` of 0 and 1 a row, null where a row is unlabelled. */
export type Targets = readonly (ArrayLike<number> | null)[];

function countLabelled(targets: Targets): number {
  return targets.reduce((count, target) => count + (target === null ? 0 : 1), 0);
}

/**
 * `-sum_c y_c log softmax(z)_c`, mean over the labelled rows; 0 where there are none.
 *
 * @param targets one-hot rows
 */
export function crossEntropy(logits: Matrix, targets: Targets): LossGradient {
  const { columns } = logits;
  const logs = logSoftmaxRows(logits);
  const gradient = new Float64Array(logs.length);
  const count = countLabelled(targets);
  let value = 0;
  for (const [row, target] of targets.entries()) {
    if (target === null) continue;
    for (let c = 0; c < columns; c++) {
      const i = row * columns + c;
      value -= (target[c] * logs[i]) / count;
      gradient[i] = (Math.exp(logs[i]) - target[c]) / count;
    }
  }
  return { value, gradient };
}

/**
 * `-y log sigmoid(z) - (1 - y) log(1 - sigmoid(z))`, mean over labels and labelled rows; 0 where there are none.
 *
 * @param targets each label of a row 0 or 1
 */
export function binaryCrossEntropy(logits: Matrix, targets: Targets): LossGradient {
  const { columns, data } = logits;
  const gradient = new Float64Array(data.length);
  const count = countLabelled(targets) * columns;
  let value = 0;
  for (const [row, target] of targets.entries()) {
    if (target === null) continue;
    for (let c = 0; c < columns; c++) {
      const i = row * columns + c;
      value += (softplus(data[i]) - target[c] * data[i]) / count;
      gradient[i] = (sigmoid(data[i]) - target[c]) / count;
    }
  }
  return { value, gradient };
}
