/**
 * The training objective as data: total = modelWeight x model loss + alpha x distillation loss + sum of beta_i x
 * feature loss_i. Every weight and the temperature follow a schedule over the run.
 */

/** A number that may change during training. `progress` runs from 0 (first step) to 1 (last step). */
export type Schedule =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'linear'; readonly from: number; readonly to: number }
  | { readonly kind: 'cosine'; readonly from: number; readonly to: number }
  /** `values[i]` holds from progress `at[i]` on; `at[0]` is 0. */
  | { readonly kind: 'steps'; readonly at: readonly number[]; readonly values: readonly number[] }
  /**
   * Starts at `from`; each epoch that brings no better value of `on` (lower dev loss, higher dev agreement, lower
   * teacher entropy on the epoch's rows) multiplies it by `factor`, within `[min, max]`.
   */
  | {
      readonly kind: 'adaptive';
      readonly on: 'devLoss' | 'devAgreement' | 'teacherEntropy';
      readonly from: number;
      readonly factor: number;
      readonly min: number;
      readonly max: number;
    };

/** Decision-level distillation loss. */
export type DistillationLoss =
  /** T^2 KL(teacher || student) of the softened distributions, mean over rows (Hinton et al. 2015, arXiv:1503.02531). */
  | 'softTargets'
  /** Squared difference of the probabilities, summed over classes, mean over rows. */
  | 'softLabelMse'
  /** Squared difference of the logits, mean over classes and rows (Ba & Caruana 2014, arXiv:1312.6184). */
  | 'logitMse'
  /** `1 - cos` of the vectors, mean over rows: of students that embed, which learn by no other. */
  | 'cosine';

/** Distance between projected student features and teacher features. */
export type FeatureLoss = 'mse' | 'cosine';

/** One feature-level term; the projection from student to teacher width is learned and dropped at export. */
export interface FeatureTerm {
  readonly loss: FeatureLoss;
  readonly beta: Schedule;
}

/** Everything that defines the loss of a run. */
export interface Objective {
  readonly modelWeight: Schedule;
  readonly alpha: Schedule;
  readonly temperature: Schedule;
  readonly distillation: DistillationLoss;
  readonly features: readonly FeatureTerm[];
}

/** Labels alone: no teacher has a say. */
export const LABELS_ALONE: Objective = {
  modelWeight: { kind: 'constant', value: 1 },
  alpha: { kind: 'constant', value: 0 },
  temperature: { kind: 'constant', value: 1 },
  distillation: 'softTargets',
  features: [],
};
