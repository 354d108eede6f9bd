/** Running means of one epoch: every term of the loss, and how sure the teacher was. */
import { probabilitiesEntropy } from './losses/entropy.ts';
import type { Matrix } from './losses/loss.ts';
import type { LossTerms, TotalLoss } from './losses/total-loss.ts';
import type { LossTargets } from './ops/total-loss.ts';
import type { EpochRecord } from './training-run.ts';

/** The losses of an {@link EpochRecord}. */
export type LossMeans = Pick<EpochRecord, 'totalLoss' | 'modelLoss' | 'distillationLoss' | 'featureLosses'>;

/** Adds up the steps of one epoch. */
export class EpochLosses {
  readonly #terms: LossTerms;
  readonly #features: number[];
  readonly #teacherLogits: Matrix[] = [];
  #steps = 0;
  #total = 0;
  #model = 0;
  #labelledSteps = 0;
  #distillation: number | null = null;

  constructor(terms: LossTerms) {
    this.#terms = terms;
    this.#features = terms.features.map(() => 0);
  }

  add(loss: TotalLoss, { targets, teacherLogits }: LossTargets): void {
    this.#steps++;
    this.#total += loss.total;
    if (targets.some((target) => target !== null)) {
      this.#model += loss.model;
      this.#labelledSteps++;
    }
    if (loss.distillation !== null) this.#distillation = (this.#distillation ?? 0) + loss.distillation;
    for (const [i, value] of loss.features.entries()) this.#features[i] += value;
    if (teacherLogits !== null) this.#teacherLogits.push(teacherLogits);
  }

  /** @returns means over the steps; the model loss over those that had a labelled row */
  finish(temperature: number): { readonly means: LossMeans; readonly measures: { teacherEntropy: number | null } } {
    const entropies = this.#teacherLogits.map((logits) =>
      probabilitiesEntropy(logits, temperature, this.#terms.multiLabel),
    );
    return {
      means: {
        totalLoss: this.#total / this.#steps,
        modelLoss: this.#labelledSteps === 0 ? null : this.#model / this.#labelledSteps,
        distillationLoss: this.#distillation === null ? null : this.#distillation / this.#steps,
        featureLosses: this.#features.map((sum) => sum / this.#steps),
      },
      measures: {
        teacherEntropy: entropies.length === 0 ? null : entropies.reduce((a, b) => a + b, 0) / entropies.length,
      },
    };
  }
}
