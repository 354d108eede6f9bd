/**
 * Logistic regression with an L2 penalty on the weights: multinomial (softmax), or one regression a label (multi label).
 * Convex, minimized by L-BFGS in plain TypeScript: no randomness, same rows, same bits.
 */
import { decide, labelsOf, sameLabels } from './evaluation/decisions.ts';
import { minimize } from './lbfgs.ts';
import { binaryCrossEntropy, crossEntropy } from './losses/cross-entropy.ts';
import { Turns } from './turns.ts';

/** One example: values at some columns, or at all of them in order. */
export interface Features {
  readonly columns: ArrayLike<number> | null;
  readonly values: ArrayLike<number>;
}

/** Examples with targets `[numLabels]` of 0 and 1, row by row. */
export interface LabelledFeatures {
  readonly rows: readonly Features[];
  readonly targets: readonly Float32Array[];
}

/** Sizes of a model. */
export interface LogisticShape {
  readonly numColumns: number;
  readonly numLabels: number;
  readonly multiLabel: boolean;
}

/** A fitted model: weights `[numLabels, numColumns + 1]`, the bias last in each row. */
export interface LogisticModel extends LogisticShape {
  readonly weights: Float64Array;
}

/** How a caller follows and stops a fit. */
export interface FittingHooks {
  /** Called with the number of strengths that are fitted. */
  readonly onFitted?: (count: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** @returns one logit a label */
export function logisticLogits({ weights, numLabels, numColumns }: LogisticModel, row: Features): Float64Array {
  const stride = numColumns + 1;
  const logits = new Float64Array(numLabels);
  for (let label = 0; label < numLabels; label++) {
    const start = label * stride;
    logits[label] = dot(row, weights, start, weights[start + numColumns]);
  }
  return logits;
}

/** `initial` and, value by value, the products of a row with the weights at `start`. */
function dot({ columns, values }: Features, weights: Float64Array, start: number, initial: number): number {
  let sum = initial;
  if (columns === null) for (let k = 0; k < values.length; k++) sum += weights[start + k] * values[k];
  else for (let k = 0; k < values.length; k++) sum += weights[start + columns[k]] * values[k];
  return sum;
}

/** Adds a row `factor` times to the weights at `start`. */
function addRow({ columns, values }: Features, factor: number, weights: Float64Array, start: number): void {
  if (columns === null) for (let k = 0; k < values.length; k++) weights[start + k] += factor * values[k];
  else for (let k = 0; k < values.length; k++) weights[start + columns[k]] += factor * values[k];
}

/**
 * Fits a model for every strength and keeps the one that is most often right on `dev`; of equal ones the one of lower
 * cross-entropy.
 *
 * @param strengths inverse strengths of the penalty, at least one
 * @throws the reason of `signal`
 */
export async function fitLogisticRegression(
  train: LabelledFeatures,
  dev: LabelledFeatures,
  shape: LogisticShape,
  strengths: readonly number[],
  { onFitted, signal }: FittingHooks = {},
): Promise<LogisticModel> {
  const turns = new Turns();
  const fitted = [];
  for (const strength of strengths) {
    const model = { ...shape, weights: await fitWeights(train, shape, strength, () => turns.yield(signal)) };
    fitted.push({ model, ...score(model, dev) });
    onFitted?.(fitted.length);
  }
  fitted.sort((a, b) => b.accuracy - a.accuracy || a.loss - b.loss);
  return fitted[0].model;
}

function fitWeights(
  { rows, targets }: LabelledFeatures,
  shape: LogisticShape,
  strength: number,
  pause: () => Promise<void>,
): Promise<Float64Array> {
  const stride = shape.numColumns + 1;
  const penalty = 1 / (strength * rows.length);
  const objective = (weights: Float64Array, gradient: Float64Array): number => {
    const logits = logitsOf({ ...shape, weights }, rows);
    const loss = lossOf(shape, logits, targets);
    gradient.fill(0);
    for (const [i, row] of rows.entries()) {
      for (let label = 0; label < shape.numLabels; label++) {
        const factor = loss.gradient[i * shape.numLabels + label];
        const start = label * stride;
        addRow(row, factor, gradient, start);
        gradient[start + shape.numColumns] += factor;
      }
    }
    let decay = 0;
    for (let k = 0; k < weights.length; k++) {
      if (k % stride === shape.numColumns) continue;
      decay += (penalty / 2) * weights[k] ** 2;
      gradient[k] += penalty * weights[k];
    }
    return loss.value + decay;
  };
  return minimize(objective, new Float64Array(shape.numLabels * stride), pause);
}

function logitsOf(model: LogisticModel, rows: readonly Features[]): Float64Array {
  const logits = new Float64Array(rows.length * model.numLabels);
  for (const [i, row] of rows.entries()) logits.set(logisticLogits(model, row), i * model.numLabels);
  return logits;
}

function lossOf(
  { numLabels, multiLabel }: LogisticShape,
  data: Float64Array,
  targets: readonly Float32Array[],
): { readonly value: number; readonly gradient: Float64Array } {
  const logits = { rows: targets.length, columns: numLabels, data };
  return (multiLabel ? binaryCrossEntropy : crossEntropy)(logits, targets);
}

function score(
  model: LogisticModel,
  { rows, targets }: LabelledFeatures,
): { readonly accuracy: number; readonly loss: number } {
  const logits = logitsOf(model, rows);
  const { numLabels, multiLabel } = model;
  const right = targets.filter((target, i) =>
    sameLabels(decide(logits.subarray(i * numLabels, (i + 1) * numLabels), multiLabel), labelsOf(target)),
  );
  return { accuracy: right.length / targets.length, loss: lossOf(model, logits, targets).value };
}
