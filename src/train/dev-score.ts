/** How a network in training does on dev. */
import type { TaskKind } from '../format/index.ts';
import { decide, labelsOf, sameLabels } from './evaluation/decisions.ts';
import { binaryCrossEntropy, crossEntropy } from './losses/cross-entropy.ts';
import { featureCosine } from './losses/feature-cosine.ts';
import type { Matrix } from './losses/loss.ts';
import type { LossTargets } from './losses/total-loss.ts';

/** Means over the rows of dev. */
export interface DevScore {
  /** Cross-entropy with the gold labels; to embed, 1 - cosine with the teacher's vectors, whose cosine is accuracy and agreement. */
  readonly loss: number;
  readonly accuracy: number;
  /** Share of rows that get the teacher's labels; null without a teacher. */
  readonly agreement: number | null;
}

/**
 * Scores some rows, all of them labelled; to embed, by the cosine with the teacher's vectors.
 *
 * @returns sums over the rows: loss, right decisions, decisions that are the teacher's (0 without one)
 */
export function scoreRows(
  logits: Matrix,
  { targets, teacherLogits }: Pick<LossTargets, 'targets' | 'teacherLogits'>,
  multiLabel: boolean,
  task?: TaskKind,
): readonly [loss: number, right: number, agreed: number] {
  if (task === 'embed') {
    const loss = featureCosine(logits, teacherLogits!).value * logits.rows;
    return [loss, logits.rows - loss, logits.rows - loss];
  }
  const loss = (multiLabel ? binaryCrossEntropy : crossEntropy)(logits, targets).value * logits.rows;
  let right = 0;
  let agreed = 0;
  for (let row = 0; row < logits.rows; row++) {
    const decision = decide(rowOf(logits, row), multiLabel);
    if (sameLabels(decision, labelsOf(targets[row]!))) right++;
    if (teacherLogits !== null && sameLabels(decision, decide(rowOf(teacherLogits, row), multiLabel))) agreed++;
  }
  return [loss, right, agreed];
}

/** @param sums of {@link scoreRows} over all rows */
export function devScore([loss, right, agreed]: readonly number[], rows: number, hasTeacher: boolean): DevScore {
  return { loss: loss / rows, accuracy: right / rows, agreement: hasTeacher ? agreed / rows : null };
}

function rowOf({ columns, data }: Matrix, row: number): ArrayLike<number> {
  return data.subarray(row * columns, (row + 1) * columns);
}
