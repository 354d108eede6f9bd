/** Entropy of softened distributions: how unsure a teacher is. */
import type { Matrix } from './loss.ts';
import { logSoftmaxRows, sigmoid, softplus } from './probabilities.ts';

/**
 * `-sum_c p_c log p_c` of softmax(z / T), mean over rows; for several labels a text the binary entropy of each label,
 * mean over labels and rows. In nats.
 */
export function probabilitiesEntropy(logits: Matrix, temperature: number, multiLabel: boolean): number {
  if (!multiLabel) {
    const logs = logSoftmaxRows(logits, temperature);
    return logs.reduce((sum, log) => sum - Math.exp(log) * log, 0) / logits.rows;
  }
  let sum = 0;
  for (const logit of logits.data) {
    const z = logit / temperature;
    // H = -p log p - (1 - p) log(1 - p) with log p = z - softplus(z) and log(1 - p) = -softplus(z).
    sum += softplus(z) - sigmoid(z) * z;
  }
  return sum / logits.data.length;
}
