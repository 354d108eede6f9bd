import { describe, expect, it } from 'vitest';
import { EpochLosses } from '../../src/train/epoch-losses.ts';
import type { Matrix } from '../../src/train/losses/loss.ts';
import type { LossTerms, TotalLoss } from '../../src/train/losses/total-loss.ts';

const terms: LossTerms = { multiLabel: false, distillation: 'softTargets', features: ['mse', 'cosine'] };

const gradients = { logitsGradient: new Float64Array(), projectedGradients: [] };

function lossOf(total: number, model: number, distillation: number | null, features: readonly number[]): TotalLoss {
  return { total, model, distillation, features, ...gradients };
}

const labelled = [null, Float32Array.of(1, 0)];
const unlabelled = [null, null];
const teacher = (...data: readonly number[]): Matrix => ({
  rows: data.length / 2,
  columns: 2,
  data: Float64Array.from(data),
});

describe('EpochLosses', () => {
  it('means every term over the steps, the model loss over those that had a labelled row', () => {
    const losses = new EpochLosses(terms);
    const rest = { teacherLogits: teacher(0, 0, 0, 0), teacherFeatures: null };
    losses.add(lossOf(3, 2, 5, [1, 0]), { targets: labelled, ...rest });
    losses.add(lossOf(1, 0, 7, [2, 1]), { targets: unlabelled, ...rest });
    losses.add(lossOf(2, 4, 0, [3, 0.5]), { targets: labelled, ...rest });
    expect(losses.finish(1).means).toEqual({
      totalLoss: 2,
      modelLoss: 3,
      distillationLoss: 4,
      featureLosses: [2, 0.5],
    });
  });

  it('has no model loss where no row was labelled, and neither distillation loss nor entropy without a teacher', () => {
    const losses = new EpochLosses({ ...terms, features: [] });
    losses.add(lossOf(0, 0, null, []), { targets: unlabelled, teacherLogits: null, teacherFeatures: null });
    expect(losses.finish(1)).toEqual({
      means: { totalLoss: 0, modelLoss: null, distillationLoss: null, featureLosses: [] },
      measures: { teacherEntropy: null },
    });
  });

  it("means the teacher's entropy at the given temperature over the steps: (H(3/4, 1/4) + H(1/2, 1/2)) / 2", () => {
    const losses = new EpochLosses({ ...terms, features: [] });
    // softmax((2 log 3, 0) / 2) = (3/4, 1/4)
    for (const logits of [teacher(2 * Math.log(3), 0), teacher(4, 4, -1, -1)]) {
      losses.add(lossOf(1, 1, 1, []), { targets: unlabelled, teacherLogits: logits, teacherFeatures: null });
    }
    const unsure = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25));
    expect(losses.finish(2).measures.teacherEntropy).toBeCloseTo((unsure + Math.LN2) / 2, 12);
  });

  it('means the entropy over the labels where a text may have several', () => {
    const losses = new EpochLosses({ ...terms, multiLabel: true, features: [] });
    // sigmoid(log 3) = 3/4; sigmoid(0) = 1/2.
    const rest = { targets: unlabelled, teacherFeatures: null };
    losses.add(lossOf(1, 1, 1, []), { teacherLogits: teacher(Math.log(3), 0), ...rest });
    const unsure = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25));
    expect(losses.finish(1).measures.teacherEntropy).toBeCloseTo((unsure + Math.LN2) / 2, 12);
  });
});
