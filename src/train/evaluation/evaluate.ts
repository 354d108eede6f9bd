/** Evaluates a predictor's logits on labelled rows. Students are run by `src/runtime`: what is measured is what is served. */
import type { Student } from '../../runtime/index.ts';
import { answersOf } from '../answers.ts';
import type { TransferSet } from '../transfer-set.ts';
import { Turns } from '../turns.ts';
import { argmax, decide, labelsOf } from './decisions.ts';
import { entityScores, OUTSIDE } from './entities.ts';
import { confusionMatrix, type Decisions, exactMatch, type MicroScores, macroF1, microF1 } from './scores.ts';
import { cosine, meanCosine, pearson, spearman } from './similarity.ts';

/** How a model does on a labelled set. */
export interface Evaluation {
  /** Share of right decisions: on texts; to tag, on words; to embed, Spearman's correlation of similarities. */
  readonly accuracy: number;
  /** Macro F1 of the labels; to tag, micro F1 of the entities; to embed, Pearson's correlation of similarities. */
  readonly f1: number;
  /** Micro F1 of the labels, where a text may have several; null otherwise. */
  readonly microF1: number | null;
  /** To tag, the scores of the entities, of which `f1` is one; null otherwise. */
  readonly entities: MicroScores | null;
  /** Rows of gold label `i` that got label `j`; null for several labels a text, and to tag. */
  readonly confusion: readonly (readonly number[])[] | null;
  /** Of every text; to tag, of every word of every text; none to embed. */
  readonly decisions: Decisions;
  /** Of each row, `[numLabels]`; to tag, `[words, numLabels]` of the words that were read; to embed, its vector. */
  readonly logits: readonly Float32Array[];
}

/** @param set all rows labelled */
export function evaluateLogits(logits: readonly Float32Array[], set: TransferSet): Evaluation {
  if (set.task === 'tag') return evaluateTags(logits, set);
  if (set.task === 'embed') return evaluateVectors(logits, set);
  const decisions = logits.map((values) => decide(values, set.multiLabel));
  return { ...evaluateDecisions(decisions, set), logits };
}

/**
 * @param decisions of a model that classifies, whether it has logits or not
 * @param set all rows labelled
 */
export function evaluateDecisions(decisions: Decisions, set: TransferSet): Omit<Evaluation, 'logits'> {
  const { labels, multiLabel } = set;
  const gold = goldDecisions(set);
  return {
    accuracy: exactMatch(decisions, gold),
    f1: macroF1(decisions, gold, labels.length),
    microF1: multiLabel ? microF1(decisions, gold) : null,
    entities: null,
    confusion: multiLabel ? null : confusionMatrix(decisions, gold, labels.length),
    decisions,
  };
}

function evaluateVectors(vectors: readonly Float32Array[], { inputs, similar }: TransferSet): Evaluation {
  const rowOf = new Map(inputs.map((input, row) => [input, row]));
  const vectorOf = (text: string): Float32Array => vectors[rowOf.get(text)!];
  const gold = similar!.map(({ similarity }) => similarity);
  const found = similar!.map(({ texts: [a, b] }) => cosine(vectorOf(a), vectorOf(b)));
  return {
    accuracy: spearman(found, gold),
    f1: pearson(found, gold),
    microF1: null,
    entities: null,
    confusion: null,
    decisions: [],
    logits: vectors,
  };
}

/** Share of answers on which two models decide alike; to embed, the mean cosine of their vectors. */
export function agreementOf(a: Evaluation, b: Evaluation, { task }: Pick<TransferSet, 'task'>): number {
  return task === 'embed' ? meanCosine(a.logits, b.logits) : exactMatch(a.decisions, b.decisions);
}

/** Words that were not read count as outside of all entities. */
function evaluateTags(logits: readonly Float32Array[], set: TransferSet): Evaluation {
  const { labels } = set;
  const outside = Math.max(0, labels.indexOf(OUTSIDE));
  const gold = set.targets.map((target) => answersOf(target!, set).map(argmax));
  const decided = logits.map((values, row) => {
    const read = answersOf(values, set).map(argmax);
    return gold[row].map((_, word) => read[word] ?? outside);
  });
  const flat = (rows: readonly (readonly number[])[]): Decisions => rows.flat().map((label) => [label]);
  const named = (rows: readonly (readonly number[])[]) => rows.map((row) => row.map((label) => labels[label]));
  const entities = entityScores(named(decided), named(gold));
  return {
    accuracy: exactMatch(flat(decided), flat(gold)),
    f1: entities.f1,
    microF1: null,
    entities,
    confusion: null,
    decisions: flat(decided),
    logits,
  };
}

/**
 * Runs a student over a labelled set, input by input.
 *
 * @throws the reason of `signal`
 */
export async function evaluateStudent(student: Student, set: TransferSet, signal?: AbortSignal): Promise<Evaluation> {
  const turns = new Turns();
  const logits: Float32Array[] = [];
  for (const input of set.inputs) {
    await turns.yield(signal);
    logits.push(student.logits(input));
  }
  return evaluateLogits(logits, set);
}

/** The gold labels of a set, all of whose rows are labelled. */
export function goldDecisions({ targets }: TransferSet): Decisions {
  return targets.map((target) => labelsOf(target!));
}
