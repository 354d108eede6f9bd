import { describe, expect, it } from 'vitest';
import { type LossBatch, type LossTerms, totalLoss } from '../../../src/train/losses/total-loss.ts';

const row = (...values: number[]) => ({ rows: 1, columns: values.length, data: Float64Array.from(values) });

/** Teacher (0.2, 0.8), student (0.3, 0.7), gold label 1. */
const textbook: LossBatch = {
  logits: row(Math.log(0.3), Math.log(0.7)),
  projected: [],
  targets: [[0, 1]],
  teacherLogits: row(Math.log(0.2), Math.log(0.8)),
  teacherFeatures: null,
};
const terms: LossTerms = { multiLabel: false, distillation: 'softLabelMse', features: [] };

describe('totalLoss', () => {
  it.each([0, 0.5, 1, 10])('of the textbook example is 0.3567 + alpha x 0.02 for alpha = %d', (alpha) => {
    const loss = totalLoss(terms, { modelWeight: 1, alpha, temperature: 1, betas: [] }, textbook);
    expect(loss.model).toBeCloseTo(0.356675, 6);
    expect(loss.distillation).toBeCloseTo(0.02, 12);
    expect(loss.total).toBeCloseTo(0.356675 + alpha * 0.02, 6);
  });

  it('weighs the gradient of each term like its value', () => {
    const batch: LossBatch = { ...textbook, projected: [row(1, 2)], teacherFeatures: row(3, 2) };
    const withFeature: LossTerms = { ...terms, features: ['mse'] };
    const at = (modelWeight: number, alpha: number, beta: number) =>
      totalLoss(withFeature, { modelWeight, alpha, temperature: 1, betas: [beta] }, batch);
    const [model, distillation, all] = [at(1, 0, 0), at(0, 1, 0), at(2, 3, 0.5)];
    for (const c of [0, 1]) {
      const expected = 2 * model.logitsGradient[c] + 3 * distillation.logitsGradient[c];
      expect(all.logitsGradient[c]).toBeCloseTo(expected, 12);
    }
    expect(all.features).toEqual([2]);
    expect([...all.projectedGradients[0]]).toEqual([-1, 0]);
    expect(all.total).toBeCloseTo(2 * model.model + 3 * 0.02 + 0.5 * 2, 12);
  });

  it('is the model loss alone where there is no teacher', () => {
    const batch: LossBatch = { ...textbook, teacherLogits: null };
    const loss = totalLoss(terms, { modelWeight: 1, alpha: 5, temperature: 1, betas: [] }, batch);
    expect(loss.distillation).toBeNull();
    expect(loss.total).toBe(loss.model);
  });

  it('treats several labels a text as separate yes-or-no questions', () => {
    const multiLabel: LossTerms = { ...terms, multiLabel: true, distillation: 'softTargets' };
    const batch: LossBatch = { ...textbook, logits: row(0, 0), targets: [[1, 1]], teacherLogits: row(0, 0) };
    const loss = totalLoss(multiLabel, { modelWeight: 1, alpha: 1, temperature: 2, betas: [] }, batch);
    expect(loss.model).toBeCloseTo(Math.LN2, 12);
    expect(loss.distillation).toBe(0);
  });
});
