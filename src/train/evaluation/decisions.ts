/** What logits decide: the largest one (single label), or every one above 0, a probability above one half (multi label). */

/** @returns position of the largest number, the first of equal ones */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** @returns the labels that logits decide for */
export function decide(logits: ArrayLike<number>, multiLabel: boolean): readonly number[] {
  if (!multiLabel) return [argmax(logits)];
  return Array.from(logits).flatMap((logit, label) => (logit > 0 ? [label] : []));
}

/** @returns the labels of a target of 0 and 1 */
export function labelsOf(target: ArrayLike<number>): readonly number[] {
  return Array.from(target).flatMap((value, label) => (value === 1 ? [label] : []));
}

/** @returns whether two decisions are the same, labels in ascending order */
export function sameLabels(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((label, i) => label === b[i]);
}
