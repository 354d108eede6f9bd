/**
 * The loss that training follows: total = modelWeight x model + alpha x distillation + sum of beta_i x feature_i. Every
 * term is computed and reported even where its weight is 0 at the moment, so that the curves of a schedule are whole.
 */
import type { TaskKind } from '../../format/index.ts';
import type { DistillationLoss, FeatureLoss } from '../objective.ts';
import { binaryCrossEntropy, crossEntropy, type Targets } from './cross-entropy.ts';
import { featureCosine } from './feature-cosine.ts';
import type { LossGradient, Matrix } from './loss.ts';
import { meanSquaredError } from './mean-squared-error.ts';
import { bernoulliSoftLabelMse, softLabelMse } from './soft-label-mse.ts';
import { bernoulliSoftTargets, softTargets } from './soft-targets.ts';

/** Which terms a run has; their weights change from step to step. */
export interface LossTerms {
  /** Default `classify`. */
  readonly task?: TaskKind | undefined;
  readonly multiLabel: boolean;
  readonly distillation: DistillationLoss;
  readonly features: readonly FeatureLoss[];
}

/** Weights of one step. */
export interface LossWeights {
  readonly modelWeight: number;
  readonly alpha: number;
  readonly temperature: number;
  readonly betas: readonly number[];
}

/** What the student says about a batch, and what it should say. */
export interface LossBatch {
  readonly logits: Matrix;
  /** Student features `[rows, teacherFeatureSize]` after each term's projection. */
  readonly projected: readonly Matrix[];
  readonly targets: Targets;
  readonly teacherLogits: Matrix | null;
  readonly teacherFeatures: Matrix | null;
}

/** What a batch should say; the rest comes from the student. */
export type LossTargets = Omit<LossBatch, 'logits' | 'projected'>;

/** Value of every term, and the gradients of the total. */
export interface TotalLoss {
  readonly total: number;
  readonly model: number;
  readonly distillation: number | null;
  readonly features: readonly number[];
  readonly logitsGradient: Float64Array;
  readonly projectedGradients: readonly Float64Array[];
}

function modelLoss(terms: LossTerms, batch: LossBatch): LossGradient {
  return (terms.multiLabel ? binaryCrossEntropy : crossEntropy)(batch.logits, batch.targets);
}

/** @returns the decision-level loss of a run between two matrices of logits */
export function distillationLoss(
  terms: LossTerms,
  student: Matrix,
  teacher: Matrix,
  temperature: number,
): LossGradient {
  switch (terms.distillation) {
    case 'softTargets':
      return (terms.multiLabel ? bernoulliSoftTargets : softTargets)(student, teacher, temperature);
    case 'softLabelMse':
      return (terms.multiLabel ? bernoulliSoftLabelMse : softLabelMse)(student, teacher);
    case 'logitMse':
      return meanSquaredError(student, teacher);
    case 'cosine':
      return featureCosine(student, teacher);
  }
}

/** Computes every term of a batch. Terms without teacher outputs are absent and weigh nothing. */
export function totalLoss(terms: LossTerms, weights: LossWeights, batch: LossBatch): TotalLoss {
  const model = modelLoss(terms, batch);
  const { teacherLogits, teacherFeatures } = batch;
  const distillation =
    teacherLogits === null ? null : distillationLoss(terms, batch.logits, teacherLogits, weights.temperature);
  const features = batch.projected.map((projected, i) =>
    (terms.features[i] === 'cosine' ? featureCosine : meanSquaredError)(projected, teacherFeatures as Matrix),
  );

  const total =
    weights.modelWeight * model.value +
    weights.alpha * (distillation?.value ?? 0) +
    features.reduce((sum, feature, i) => sum + weights.betas[i] * feature.value, 0);
  return {
    total,
    model: model.value,
    distillation: distillation?.value ?? null,
    features: features.map((feature) => feature.value),
    logitsGradient: model.gradient.map(
      (value, i) =>
        weights.modelWeight * value + (distillation === null ? 0 : weights.alpha * distillation.gradient[i]),
    ),
    projectedGradients: features.map((feature, i) => feature.gradient.map((value) => weights.betas[i] * value)),
  };
}
