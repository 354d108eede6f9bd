/** Logits of answers that come as probabilities: the models of Retort give logits, files and endpoints often do not. */

/**
 * Smallest probability that a file or an endpoint is believed. Most round to six digits, and the logarithm of a rounded
 * zero would outweigh everything else that a teacher says.
 */
export const PROBABILITY_FLOOR = 1e-6;

/**
 * @param probabilities `[numLabels]`: of all together 1 (single label), or each alone (multi label)
 * @param floor smallest distance from 0, and for several labels from 1, so that logits are finite
 * @returns log-probabilities (single label), or log-odds of each label (multi label)
 */
export function logitsOfProbabilities(
  probabilities: ArrayLike<number>,
  multiLabel: boolean,
  floor: number = PROBABILITY_FLOOR,
): Float32Array {
  return Float32Array.from(probabilities, (p) => {
    if (!multiLabel) return Math.log(Math.max(p, floor));
    const inside = Math.min(Math.max(p, floor), 1 - floor);
    return Math.log(inside / (1 - inside));
  });
}

/** Farthest that the probabilities of one text may be from a sum of 1, as rounding leaves them. */
const SUM_TOLERANCE = 0.01;

/**
 * What is wrong with the probabilities of one text, as the "expected X, got Y" of a message.
 *
 * @returns null where they are probabilities
 */
export function faultOfProbabilities(probabilities: readonly number[], multiLabel: boolean): string | null {
  const outside = probabilities.find((p) => !(p >= -1e-6 && p <= 1 + 1e-6));
  if (outside !== undefined) return `expected probabilities from 0 to 1, got ${outside}`;
  const sum = probabilities.reduce((a, b) => a + b, 0);
  if (multiLabel || Math.abs(sum - 1) <= SUM_TOLERANCE) return null;
  return `expected probabilities that add up to 1, got a sum of ${Number(sum.toPrecision(6))}`;
}
