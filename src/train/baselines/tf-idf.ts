/**
 * The classic without a neural network: TF-IDF of words and word pairs, then logistic regression with an L2 penalty
 * chosen on dev. Weights as in Salton & Buckley 1988 (doi:10.1016/0306-4573(88)90021-0) with smoothed idf,
 * log((1 + n) / (1 + df)) + 1, rows of Euclidean length 1.
 */
import type { PredictorInput } from '../../runtime/index.ts';
import { decide } from '../evaluation/decisions.ts';
import type { Decisions } from '../evaluation/scores.ts';
import { textsOfInput } from '../inputs.ts';
import { type Features, fitLogisticRegression, logisticLogits } from '../logistic-regression.ts';
import type { TransferSet } from '../transfer-set.ts';

/** Inverse strengths of the penalty that are tried. */
const STRENGTHS: readonly number[] = [1, 10, 100, 1000, 10_000];

/** The terms of some texts. */
export interface Terms {
  /** In code unit order. */
  readonly columnOf: ReadonlyMap<string, number>;
  /** By column. */
  readonly idf: readonly number[];
}

/**
 * Fits the baseline on the labelled rows of `train`, chooses the penalty on `dev`, and decides for `test`.
 *
 * @returns the decisions on `test`
 * @throws the reason of `signal`
 */
export async function tfIdfBaseline(
  train: TransferSet,
  dev: TransferSet,
  test: TransferSet,
  signal?: AbortSignal,
): Promise<Decisions> {
  const texts = joinedTexts(train.inputs.filter((_, row) => train.targets[row] !== null));
  const targets = train.targets.filter((target) => target !== null);
  const terms = countTerms(texts);
  const rowsOf = (set: readonly string[]): readonly Features[] => set.map((text) => vectorize(text, terms));
  const shape = {
    numColumns: terms.idf.length,
    numLabels: train.labels.length,
    multiLabel: train.multiLabel,
  };
  const model = await fitLogisticRegression(
    { rows: rowsOf(texts), targets },
    { rows: rowsOf(joinedTexts(dev.inputs)), targets: dev.targets.filter((target) => target !== null) },
    shape,
    STRENGTHS,
    { signal },
  );
  return rowsOf(joinedTexts(test.inputs)).map((row) => decide(logisticLogits(model, row), train.multiLabel));
}

/** The texts of inputs; those of a pair as one. */
function joinedTexts(inputs: readonly PredictorInput[]): readonly string[] {
  return inputs.map((input) => textsOfInput(input).join(' '));
}

function termsOf(text: string): readonly string[] {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...words, ...words.slice(1).map((word, i) => `${words[i]} ${word}`)];
}

/** The words and word pairs of `texts`, each with its idf. */
export function countTerms(texts: readonly string[]): Terms {
  const documents = new Map<string, number>();
  for (const text of texts) {
    for (const term of new Set(termsOf(text))) documents.set(term, (documents.get(term) ?? 0) + 1);
  }
  const terms = [...documents].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    columnOf: new Map(terms.map(([term], column) => [term, column])),
    idf: terms.map(([, count]) => Math.log((1 + texts.length) / (1 + count)) + 1),
  };
}

/** The TF-IDF vector of a text, of length 1; of length 0 where it has none of the terms. */
export function vectorize(text: string, { columnOf, idf }: Terms): Features {
  const weights = new Map<number, number>();
  for (const term of termsOf(text)) {
    const column = columnOf.get(term);
    if (column !== undefined) weights.set(column, (weights.get(column) ?? 0) + idf[column]);
  }
  const values = [...weights.values()];
  const length = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
  return { columns: [...weights.keys()], values: values.map((value) => value / length) };
}
