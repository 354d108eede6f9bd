/** Evaluates a predictor's logits on labelled rows. Students are run by `src/runtime`: what is measured is what is served. */
import type { Student } from '../../runtime/index.ts';
import type { TransferSet } from '../transfer-set.ts';
import { Turns } from '../turns.ts';
import { decide, labelsOf } from './decisions.ts';
import { confusionMatrix, type Decisions, exactMatch, macroF1 } from './scores.ts';

/** How a model does on a labelled set. */
export interface Evaluation {
  readonly accuracy: number;
  /** Macro F1. */
  readonly f1: number;
  /** Rows of gold label `i` that got label `j`; null for several labels a text. */
  readonly confusion: readonly (readonly number[])[] | null;
  readonly decisions: Decisions;
  /** `[numLabels]` of each row. */
  readonly logits: readonly Float32Array[];
}

/** @param set all rows labelled */
export function evaluateLogits(logits: readonly Float32Array[], set: TransferSet): Evaluation {
  const { labels, multiLabel } = set;
  const gold = goldDecisions(set);
  const decisions = logits.map((values) => decide(values, multiLabel));
  return {
    accuracy: exactMatch(decisions, gold),
    f1: macroF1(decisions, gold, labels.length),
    confusion: multiLabel ? null : confusionMatrix(decisions, gold, labels.length),
    decisions,
    logits,
  };
}

/**
 * Runs a student over a labelled set, text by text.
 *
 * @throws the reason of `signal`
 */
export async function evaluateStudent(student: Student, set: TransferSet, signal?: AbortSignal): Promise<Evaluation> {
  const turns = new Turns();
  const logits: Float32Array[] = [];
  for (const text of set.texts) {
    await turns.yield(signal);
    logits.push(student.logits(text));
  }
  return evaluateLogits(logits, set);
}

/** The gold labels of a set, all of whose rows are labelled. */
export function goldDecisions({ targets }: TransferSet): Decisions {
  return targets.map((target) => labelsOf(target!));
}
