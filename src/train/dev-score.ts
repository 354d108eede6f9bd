/** How a student in training does on dev. */
import * as tf from '@tensorflow/tfjs-core';
import type { StudentSpec } from '../format/index.ts';
import type { EncodedRows } from './encoded-rows.ts';
import { decide, labelsOf, sameLabels } from './evaluation/decisions.ts';
import { binaryCrossEntropy, crossEntropy } from './losses/cross-entropy.ts';
import type { Matrix } from './losses/loss.ts';
import { forwardStudent } from './student-network.ts';

/** Rows of one forward pass. */
const BATCH_SIZE = 64;

/** Means over the rows of dev. */
export interface DevScore {
  /** Cross-entropy with the gold labels. */
  readonly loss: number;
  readonly accuracy: number;
  /** Share of rows that get the teacher's labels; null without a teacher. */
  readonly agreement: number | null;
}

/** Scores the weights `tensors` on dev, whose rows are all labelled. */
export function scoreOnDev(spec: StudentSpec, tensors: ReadonlyMap<string, tf.Tensor>, dev: EncodedRows): DevScore {
  const { multiLabel } = spec.task;
  let loss = 0;
  let right = 0;
  let agreed = 0;
  let hasTeacher = true;
  for (const { tokens, targets } of dev.batchesByLength(BATCH_SIZE)) {
    const logits = tf.tidy(() => forwardStudent(spec, tensors, tokens).logits);
    const matrix: Matrix = { rows: tokens.batch, columns: logits.shape[1], data: logits.dataSync<'float32'>() };
    logits.dispose();
    loss += (multiLabel ? binaryCrossEntropy : crossEntropy)(matrix, targets.targets).value * tokens.batch;
    const teacher = targets.teacherLogits;
    hasTeacher &&= teacher !== null;
    for (let row = 0; row < tokens.batch; row++) {
      const decision = decide(rowOf(matrix, row), multiLabel);
      if (sameLabels(decision, labelsOf(targets.targets[row]!))) right++;
      if (teacher !== null && sameLabels(decision, decide(rowOf(teacher, row), multiLabel))) agreed++;
    }
  }
  return { loss: loss / dev.count, accuracy: right / dev.count, agreement: hasTeacher ? agreed / dev.count : null };
}

function rowOf({ columns, data }: Matrix, row: number): ArrayLike<number> {
  return data.subarray(row * columns, (row + 1) * columns);
}
