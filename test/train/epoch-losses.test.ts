import { describe, expect, it } from 'vitest';
import { EpochLosses } from '../../src/train/epoch-losses.ts';
import type { Matrix } from '../../src/train/losses/loss.ts';
import type { LossTerms } from '../../src/train/losses/total-loss.ts';

const terms: LossTerms = { multiLabel: false, distillation: 'softTargets', features: ['mse', 'cosine'] };

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
    const teacherLogits = teacher(0, 0, 0, 0);
    losses.add([3, 2, 5, 1, 0], { targets: labelled, teacherLogits }, 1);
    losses.add([1, 0, 7, 2, 1], { targets: unlabelled, teacherLogits }, 1);
    losses.add([2, 4, 0, 3, 0.5], { targets: labelled, teacherLogits }, 1);
    expect(losses.finish().means).toEqual({
      totalLoss: 2,
      modelLoss: 3,
      distillationLoss: 4,
      featureLosses: [2, 0.5],
    });
  });

  it('has no model loss where no row was labelled, and neither distillation loss nor entropy without a teacher', () => {
    const losses = new EpochLosses({ ...terms, features: [] });
    losses.add([0, 0, 0], { targets: unlabelled, teacherLogits: null }, 1);
    expect(losses.finish()).toEqual({
      means: { totalLoss: 0, modelLoss: null, distillationLoss: null, featureLosses: [] },
      measures: { teacherEntropy: null },
    });
  });

  it("means the teacher's entropy at the temperature of each step, over rows and then over steps", () => {
    const losses = new EpochLosses({ ...terms, features: [] });
    // softmax((2 log 3, 0) / 2) = softmax((3 log 3, 0) / 3) = (3/4, 1/4)
    losses.add([1, 1, 1], { targets: unlabelled, teacherLogits: teacher(2 * Math.log(3), 0) }, 2);
    losses.add([1, 1, 1], { targets: unlabelled, teacherLogits: teacher(4, 4, 3 * Math.log(3), 0) }, 3);
    const unsure = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25));
    expect(losses.finish().measures.teacherEntropy).toBeCloseTo((unsure + (Math.LN2 + unsure) / 2) / 2, 12);
  });

  it('means the entropy over the labels where a text may have several', () => {
    const losses = new EpochLosses({ ...terms, multiLabel: true, features: [] });
    // sigmoid(log 3) = 3/4; sigmoid(0) = 1/2.
    losses.add([1, 1, 1], { targets: unlabelled, teacherLogits: teacher(Math.log(3), 0) }, 1);
    const unsure = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25));
    expect(losses.finish().measures.teacherEntropy).toBeCloseTo((unsure + Math.LN2) / 2, 12);
  });

  it('goes on from its sums', () => {
    const steps = [1, 2, 3].map((loss) => [loss, loss / 3, loss ** 2, 0, 1]);
    const add = (losses: EpochLosses, step: readonly number[]): void =>
      losses.add(step, { targets: labelled, teacherLogits: teacher(...step.slice(0, 2)) }, 1);
    const whole = new EpochLosses(terms);
    for (const step of steps) add(whole, step);
    const first = new EpochLosses(terms);
    add(first, steps[0]);
    const rest = new EpochLosses(terms, structuredClone(first.sums()));
    for (const step of steps.slice(1)) add(rest, step);
    expect(rest.finish()).toEqual(whole.finish());
  });
});
