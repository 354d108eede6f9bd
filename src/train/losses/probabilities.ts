/** Distributions from logits, in double precision and without overflow for any finite logit. */
import type { Matrix } from './loss.ts';

/**
 * @param temperature divides the logits, > 0
 * @returns log softmax(z / T) of each row, `[rows, columns]`
 */
export function logSoftmaxRows(logits: Matrix, temperature = 1): Float64Array {
  const { columns, data } = logits;
  const logs = new Float64Array(data.length);
  for (let start = 0; start < data.length; start += columns) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = start; i < start + columns; i++) largest = Math.max(largest, data[i]);
    let sum = 0;
    for (let i = start; i < start + columns; i++) {
      logs[i] = (data[i] - largest) / temperature;
      sum += Math.exp(logs[i]);
    }
    const logSum = Math.log(sum);
    for (let i = start; i < start + columns; i++) logs[i] -= logSum;
  }
  return logs;
}

/** @returns 1 / (1 + exp(-z)) */
export function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}

/** @returns log(1 + exp(z)), which is also -log(1 - sigmoid(z)) */
export function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}
