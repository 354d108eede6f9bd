/** One answer from several: the weighted mean of the members' probabilities, as logits. */
import { logSoftmaxRows, sigmoid } from '../losses/probabilities.ts';
import { logitsOfProbabilities } from './probability-logits.ts';

/** Smallest probability of a mean, so that its logit is finite. */
const SMALLEST = 1e-12;

/**
 * @param members logits `[numLabels]` of each member for one text
 * @param weights of the members, positive
 * @returns log-probabilities (single label), or log-odds of each label (multi label); one member's own logits as they are
 */
export function combineLogits(
  members: readonly Float32Array[],
  weights: readonly number[],
  multiLabel: boolean,
): Float32Array {
  if (members.length === 1) return members[0];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = new Float64Array(members[0].length);
  for (const [i, logits] of members.entries()) {
    const probabilities = probabilitiesOf(logits, multiLabel);
    for (let label = 0; label < mean.length; label++) mean[label] += (weights[i] / total) * probabilities[label];
  }
  return logitsOfProbabilities(mean, multiLabel, SMALLEST);
}

/** @returns the probability of each label: of all together 1 (single label), or each alone (multi label) */
export function probabilitiesOf(logits: Float32Array, multiLabel: boolean): Float64Array {
  if (multiLabel) return Float64Array.from(logits, sigmoid);
  return logSoftmaxRows({ rows: 1, columns: logits.length, data: logits }).map(Math.exp);
}
