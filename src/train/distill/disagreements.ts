/** The rows on which student and teacher disagree most: where to look when deciding whether a student will do. */

import { labelsOf, sameLabels } from '../evaluation/decisions.ts';
import type { Evaluation } from '../evaluation/evaluate.ts';
import { describeInput } from '../inputs.ts';
import { logSoftmaxRows, sigmoid } from '../losses/probabilities.ts';
import type { TransferSet } from '../transfer-set.ts';

/** One row of test with both answers. */
export interface Disagreement {
  readonly text: string;
  readonly gold: readonly string[];
  readonly teacher: readonly string[];
  readonly student: readonly string[];
  /** Total variation distance of the two distributions (single label), largest difference of a probability (multi). */
  readonly distance: number;
}

/** The `count` rows that are farthest apart among those with different answers, to classify; none for other tasks. */
export function findDisagreements(
  student: Evaluation,
  teacher: Evaluation,
  test: TransferSet,
  count: number,
): readonly Disagreement[] {
  const { labels, multiLabel, inputs, targets } = test;
  if (test.task !== undefined && test.task !== 'classify') return [];
  const names = (decision: readonly number[]): readonly string[] => decision.map((label) => labels[label]);
  const rows = inputs.flatMap((input, row) => {
    const [ours, theirs] = [student.decisions[row], teacher.decisions[row]];
    if (sameLabels(ours, theirs)) return [];
    const distance = distanceOf(student.logits[row], teacher.logits[row], multiLabel);
    const gold = names(labelsOf(targets[row]!));
    return [{ text: describeInput(input), gold, teacher: names(theirs), student: names(ours), distance }];
  });
  return rows.sort((a, b) => b.distance - a.distance).slice(0, count);
}

function distanceOf(a: Float32Array, b: Float32Array, multiLabel: boolean): number {
  const p = probabilities(a, multiLabel);
  const q = probabilities(b, multiLabel);
  const differences = Array.from(p, (value, i) => Math.abs(value - q[i]));
  return multiLabel ? Math.max(...differences) : differences.reduce((sum, value) => sum + value, 0) / 2;
}

function probabilities(logits: Float32Array, multiLabel: boolean): Float64Array {
  if (multiLabel) return Float64Array.from(logits, sigmoid);
  return logSoftmaxRows({ rows: 1, columns: logits.length, data: logits }).map(Math.exp);
}
