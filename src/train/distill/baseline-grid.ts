/**
 * What the distilled student is compared with is tuned as well: the config's learning rate was chosen for that student,
 * so the others are trained with another too, as many steps each, and the one that is best on dev counts.
 */
import type { Schedule } from '../objective.ts';
import type { TrainedStudent } from '../training-run.ts';
import type { Variant } from './variants.ts';

/** Learning rates that a baseline is trained with, as factors of the config's. */
const TUNED_RATES: readonly number[] = [1, 3];

/** @returns factors of the config's learning rate */
export function ratesOf(variant: Variant): readonly number[] {
  return variant === 'distilled' ? [1] : TUNED_RATES;
}

/** The same course of a schedule, `factor` times as high. */
export function scaleSchedule(schedule: Schedule, factor: number): Schedule {
  switch (schedule.kind) {
    case 'constant':
      return { ...schedule, value: schedule.value * factor };
    case 'linear':
    case 'cosine':
      return { ...schedule, from: schedule.from * factor, to: schedule.to * factor };
    case 'steps':
      return { ...schedule, values: schedule.values.map((value) => value * factor) };
    case 'adaptive': {
      const { from, min, max } = schedule;
      return { ...schedule, from: from * factor, min: min * factor, max: max * factor };
    }
  }
}

/** The most accurate on dev; of equals the one with the least loss there, then the first. */
export function bestOnDev<T extends { readonly trained: TrainedStudent }>(candidates: readonly T[]): T {
  return candidates.reduce((best, one) => {
    const [a, b] = [best, one].map(({ trained }) => trained.history[trained.bestEpoch - 1]);
    const isBetter = b.devAccuracy > a.devAccuracy || (b.devAccuracy === a.devAccuracy && b.devLoss < a.devLoss);
    return isBetter ? one : best;
  });
}
