/** Running means of one epoch: every term of the loss, and how sure the teacher was. */
import { probabilitiesEntropy } from './losses/entropy.ts';
import type { LossTargets, LossTerms } from './losses/total-loss.ts';
import type { EpochRecord } from './training-run.ts';

/** The losses of an {@link EpochRecord}. */
export type LossMeans = Pick<EpochRecord, 'totalLoss' | 'modelLoss' | 'distillationLoss' | 'featureLosses'>;

/** Sums over the steps so far; plain data. */
export interface EpochSums {
  readonly steps: number;
  /** Total, model, distillation, then the feature losses. */
  readonly losses: readonly number[];
  /** Steps with a labelled row. */
  readonly labelledSteps: number;
  /** Steps with teacher logits. */
  readonly taughtSteps: number;
  readonly teacherEntropy: number;
}

/** Adds up the steps of one epoch. */
export class EpochLosses {
  readonly #terms: LossTerms;
  #sums: EpochSums;

  constructor(terms: LossTerms, sums: EpochSums | null = null) {
    this.#terms = terms;
    const losses = new Array<number>(3 + terms.features.length).fill(0);
    this.#sums = sums ?? { steps: 0, losses, labelledSteps: 0, taughtSteps: 0, teacherEntropy: 0 };
  }

  /**
   * @param losses total, model, distillation, then the feature losses
   * @param temperature of the step, at which the teacher's entropy is taken
   */
  add(
    losses: readonly number[],
    { targets, teacherLogits }: Pick<LossTargets, 'targets' | 'teacherLogits'>,
    temperature: number,
  ): void {
    const sums = this.#sums;
    const isLabelled = targets.some((target) => target !== null);
    const isTaught = teacherLogits !== null;
    // Vectors are no distributions.
    const hasEntropy = isTaught && this.#terms.task !== 'embed';
    const entropy = hasEntropy ? probabilitiesEntropy(teacherLogits, temperature, this.#terms.multiLabel) : 0;
    this.#sums = {
      steps: sums.steps + 1,
      losses: sums.losses.map((sum, i) => sum + losses[i]),
      labelledSteps: sums.labelledSteps + Number(isLabelled),
      taughtSteps: sums.taughtSteps + Number(isTaught),
      teacherEntropy: sums.teacherEntropy + entropy,
    };
  }

  /** @returns means over the steps; the model loss over those that had a labelled row */
  finish(): { readonly means: LossMeans; readonly measures: { teacherEntropy: number | null } } {
    const { steps, losses, labelledSteps, taughtSteps, teacherEntropy } = this.#sums;
    const [total, model, distillation, ...features] = losses;
    return {
      means: {
        totalLoss: total / steps,
        modelLoss: labelledSteps === 0 ? null : model / labelledSteps,
        distillationLoss: taughtSteps === 0 ? null : distillation / taughtSteps,
        featureLosses: features.map((sum) => sum / steps),
      },
      measures: { teacherEntropy: taughtSteps === 0 ? null : teacherEntropy / taughtSteps },
    };
  }

  sums(): EpochSums {
    return this.#sums;
  }
}
