/**
 * Classification head of a teacher: multinomial logistic regression (softmax), or one logistic regression a label
 * (multi label), on pooled features, with an L2 penalty on the weights. The loss is convex and is minimized by L-BFGS
 * (Liu & Nocedal 1989) in plain TypeScript: no randomness, same rows, same bits.
 */
import { createHash } from 'node:crypto';
import { InputError } from '../../format/index.ts';
import { minimize } from './lbfgs.ts';
import type { Head } from './teacher.ts';

/** Inverse strengths of the penalty that are tried; the best on dev is taken, the stronger one where two are equal. */
const STRENGTHS: readonly number[] = [1, 3, 10, 30, 100, 300, 1000, 3000];

/** Features with targets, row by row. */
export interface HeadRows {
  readonly features: readonly Float32Array[];
  /** 0 or 1 for each label. */
  readonly targets: readonly Float32Array[];
}

/** What a head is fitted for. */
export interface HeadTask {
  readonly encoderId: string;
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
}

/** Weights `[numLabels, featureSize + 1]`, the bias last in each row. */
class LinearHead implements Head {
  readonly id: string;
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  readonly #weights: Float64Array;

  constructor(task: HeadTask, weights: Float64Array) {
    this.labels = task.labels;
    this.multiLabel = task.multiLabel;
    this.#weights = weights;
    const description = JSON.stringify([task.encoderId, task.labels, task.multiLabel]);
    const hash = createHash('sha256').update(description).update(new Uint8Array(weights.buffer)).digest('hex');
    this.id = `head-${hash.slice(0, 32)}`;
  }

  logits(features: Float32Array): Float32Array {
    const stride = features.length + 1;
    return Float32Array.from(this.labels, (_, label) => score(this.#weights, label * stride, features));
  }
}

/**
 * Fits a head for every strength of the penalty and keeps the one that is best on `dev`.
 *
 * @throws InputError where there are no rows, or all rows have the same label
 */
export function fitHead(train: HeadRows, dev: HeadRows, task: HeadTask): Head {
  const present = task.labels.filter((_, label) => train.targets.some((target) => target[label] === 1));
  if (train.features.length === 0 || (!task.multiLabel && present.length < 2)) {
    const got = `${train.features.length} labelled rows with ${present.length} of ${task.labels.length} labels`;
    throw new InputError(`teacher head: expected labelled rows of at least two labels, got ${got}; label more rows`);
  }
  let best: { readonly head: Head; readonly accuracy: number; readonly loss: number } | null = null;
  for (const strength of STRENGTHS) {
    const head = new LinearHead(task, fitWeights(train, task, strength));
    const { accuracy, loss } = scoreHead(head, dev);
    if (best === null || accuracy > best.accuracy || (accuracy === best.accuracy && loss < best.loss)) {
      best = { head, accuracy, loss };
    }
  }
  return best!.head;
}

function fitWeights(rows: HeadRows, { labels, multiLabel }: HeadTask, strength: number): Float64Array {
  const size = rows.features[0].length;
  const penalty = 1 / (strength * rows.features.length);
  const objective = (weights: Float64Array, gradient: Float64Array): number => {
    let loss = 0;
    gradient.fill(0);
    for (const [i, features] of rows.features.entries()) {
      const logits = labels.map((_, label) => score(weights, label * (size + 1), features));
      const { value, residuals } = lossOf(logits, rows.targets[i], multiLabel);
      loss += value / rows.features.length;
      for (const [label, residual] of residuals.entries()) {
        const factor = residual / rows.features.length;
        const at = label * (size + 1);
        for (let k = 0; k < size; k++) gradient[at + k] += factor * features[k];
        gradient[at + size] += factor;
      }
    }
    for (let k = 0; k < weights.length; k++) {
      if (k % (size + 1) === size) continue;
      loss += (penalty / 2) * weights[k] ** 2;
      gradient[k] += penalty * weights[k];
    }
    return loss;
  };
  return minimize(objective, new Float64Array(labels.length * (size + 1)));
}

function score(weights: Float64Array, at: number, features: Float32Array): number {
  let sum = weights[at + features.length];
  for (let k = 0; k < features.length; k++) sum += weights[at + k] * features[k];
  return sum;
}

/** Cross-entropy of one row and its derivative by the logits. */
function lossOf(
  logits: readonly number[],
  target: Float32Array,
  multiLabel: boolean,
): { readonly value: number; readonly residuals: readonly number[] } {
  if (multiLabel) {
    const value = logits.reduce(
      (sum, z, label) => sum + Math.max(z, 0) - z * target[label] + Math.log1p(Math.exp(-Math.abs(z))),
      0,
    );
    return { value, residuals: logits.map((z, label) => 1 / (1 + Math.exp(-z)) - target[label]) };
  }
  const max = Math.max(...logits);
  const exponentials = logits.map((z) => Math.exp(z - max));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  const logSum = max + Math.log(sum);
  const value = logits.reduce((total, z, label) => total + target[label] * (logSum - z), 0);
  return { value, residuals: exponentials.map((e, label) => e / sum - target[label]) };
}

function scoreHead(head: Head, rows: HeadRows): { readonly accuracy: number; readonly loss: number } {
  let right = 0;
  let loss = 0;
  for (const [i, features] of rows.features.entries()) {
    const logits = [...head.logits(features)];
    const target = rows.targets[i];
    loss += lossOf(logits, target, head.multiLabel).value;
    if (head.multiLabel) right += logits.every((z, label) => z > 0 === (target[label] === 1)) ? 1 : 0;
    else right += target[logits.indexOf(Math.max(...logits))];
  }
  return { accuracy: right / rows.features.length, loss };
}
