/** Scores of decisions against gold labels, or against other decisions. A decision is a list of labels, ascending. */
import { sameLabels } from './decisions.ts';

/** The labels of each row. */
export type Decisions = readonly (readonly number[])[];

/** Scores of what is counted over all rows together (micro averages). */
export interface MicroScores {
  /** Share of what is predicted that is right; 1 where nothing is. */
  readonly precision: number;
  /** Share of what is gold that is predicted; 1 where nothing is. */
  readonly recall: number;
  /** F1 = 2 TP / (2 TP + FP + FN); 1 where there is nothing on either side, for then nothing is wrong. */
  readonly f1: number;
}

/** How many answers there are. */
export interface Counts {
  readonly right: number;
  readonly predicted: number;
  readonly gold: number;
}

/** @returns the scores of counts */
export function microScores({ right, predicted, gold }: Counts): MicroScores {
  const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);
  return { precision: share(right, predicted), recall: share(right, gold), f1: share(2 * right, predicted + gold) };
}

/** Micro F1 of the labels of all rows. */
export function microF1(predicted: Decisions, gold: Decisions): number {
  const right = predicted.flatMap((labels, row) => labels.filter((label) => gold[row].includes(label)));
  return microScores({ right: right.length, predicted: predicted.flat().length, gold: gold.flat().length }).f1;
}

/** Share of rows with exactly the same labels: accuracy against gold labels, agreement between two models. */
export function exactMatch(a: Decisions, b: Decisions): number {
  return a.filter((labels, row) => sameLabels(labels, b[row])).length / a.length;
}

/**
 * F1 = 2 TP / (2 TP + FP + FN) of each label, averaged over the labels that occur on either side (macro F1); 1 where none
 * does, for then nothing is wrong.
 *
 * @param numLabels labels are 0 to `numLabels - 1`
 */
export function macroF1(predicted: Decisions, gold: Decisions, numLabels: number): number {
  const scores: number[] = [];
  for (let label = 0; label < numLabels; label++) {
    let truePositives = 0;
    let errors = 0;
    for (const [row, labels] of predicted.entries()) {
      const isPredicted = labels.includes(label);
      const isGold = gold[row].includes(label);
      if (isPredicted && isGold) truePositives++;
      else if (isPredicted !== isGold) errors++;
    }
    if (truePositives + errors > 0) scores.push((2 * truePositives) / (2 * truePositives + errors));
  }
  return scores.length === 0 ? 1 : scores.reduce((a, b) => a + b, 0) / scores.length;
}

/** Rows of gold label `i` that got label `j`, `[numLabels][numLabels]`; for single-label tasks. */
export function confusionMatrix(predicted: Decisions, gold: Decisions, numLabels: number): number[][] {
  const counts = Array.from({ length: numLabels }, () => new Array<number>(numLabels).fill(0));
  for (const [row, [label]] of predicted.entries()) counts[gold[row][0]][label]++;
  return counts;
}
