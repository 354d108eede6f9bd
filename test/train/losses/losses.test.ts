import { describe, expect, it } from 'vitest';
import { binaryCrossEntropy, crossEntropy } from '../../../src/train/losses/cross-entropy.ts';
import { featureCosine } from '../../../src/train/losses/feature-cosine.ts';
import { type LossGradient, type Matrix, stackRows } from '../../../src/train/losses/loss.ts';
import { meanSquaredError } from '../../../src/train/losses/mean-squared-error.ts';
import { bernoulliSoftLabelMse, softLabelMse } from '../../../src/train/losses/soft-label-mse.ts';
import { bernoulliSoftTargets, softTargets } from '../../../src/train/losses/soft-targets.ts';
import { createRandom } from '../../../src/train/random.ts';

/** Double-precision matrix of rows. */
function matrix(...rows: number[][]): Matrix {
  return { rows: rows.length, columns: rows[0].length, data: Float64Array.from(rows.flat()) };
}

function randomMatrix(rows: number, columns: number, seed: number, scale = 2): Matrix {
  return { rows, columns, data: Float64Array.from(createRandom(seed).normals(rows * columns, scale)) };
}

const logs = (...probabilities: number[]): Matrix => matrix(probabilities.map(Math.log));

const teacher = randomMatrix(4, 3, 7);
const oneHot = [[0, 1, 0], null, [1, 0, 0], [0, 0, 1]];
const multiHot = [[0, 1, 1], null, [0, 0, 0], [1, 1, 1]];

const LOSSES: Record<string, (student: Matrix) => LossGradient> = {
  crossEntropy: (s) => crossEntropy(s, oneHot),
  binaryCrossEntropy: (s) => binaryCrossEntropy(s, multiHot),
  'softTargets, T = 1': (s) => softTargets(s, teacher, 1),
  'softTargets, T = 4': (s) => softTargets(s, teacher, 4),
  'bernoulliSoftTargets, T = 3': (s) => bernoulliSoftTargets(s, teacher, 3),
  softLabelMse: (s) => softLabelMse(s, teacher),
  bernoulliSoftLabelMse: (s) => bernoulliSoftLabelMse(s, teacher),
  meanSquaredError: (s) => meanSquaredError(s, teacher),
  featureCosine: (s) => featureCosine(s, teacher),
};

describe.each(Object.entries(LOSSES))('%s', (_, loss) => {
  it('has the gradient that central differences give, within 1e-7', () => {
    const student = randomMatrix(4, 3, 3);
    const { gradient } = loss(student);
    const step = 1e-5;
    for (let i = 0; i < student.data.length; i++) {
      const at = (offset: number): number => {
        const data = Float64Array.from(student.data);
        data[i] += offset;
        return loss({ ...student, data }).value;
      };
      expect(gradient[i]).toBeCloseTo((at(step) - at(-step)) / (2 * step), 7);
    }
  });

  it('is finite, with a finite gradient, for logits of 1e4 and of 0', () => {
    for (const student of [matrix(...Array(4).fill([1e4, -1e4, 0])), matrix(...Array(4).fill([0, 0, 0]))]) {
      const { value, gradient } = loss(student);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(value)).toBe(true);
      expect(gradient.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('crossEntropy', () => {
  it('is -log p of the gold label: 0.3567 for p = 0.7', () => {
    expect(crossEntropy(logs(0.3, 0.7), [[0, 1]]).value).toBeCloseTo(0.356675, 6);
  });

  it('averages over the labelled rows only', () => {
    const one = crossEntropy(logs(0.3, 0.7), [[0, 1]]);
    const padded = crossEntropy(matrix([9, -9], [Math.log(0.3), Math.log(0.7)], [1, 2]), [null, [0, 1], null]);
    expect(padded.value).toBe(one.value);
    expect([...padded.gradient]).toEqual([0, 0, ...one.gradient, 0, 0]);
  });

  it('is 0 with a gradient of 0 where no row is labelled', () => {
    const { value, gradient } = crossEntropy(logs(0.3, 0.7), [null]);
    expect(value).toBe(0);
    expect([...gradient]).toEqual([0, 0]);
  });
});

describe('binaryCrossEntropy', () => {
  it('is log 2 for logits of 0 whatever the targets, with gradient (1/2 - y) / labels', () => {
    const { value, gradient } = binaryCrossEntropy(matrix([0, 0]), [[1, 0]]);
    expect(value).toBeCloseTo(Math.LN2, 12);
    expect([...gradient]).toEqual([-0.25, 0.25]);
  });
});

describe('softTargets', () => {
  it('is the KL divergence for T = 1: 0.2 log(0.2/0.3) + 0.8 log(0.8/0.7) = 0.025732', () => {
    expect(softTargets(logs(0.3, 0.7), logs(0.2, 0.8), 1).value).toBeCloseTo(0.025732, 6);
  });

  it('is 0 with a gradient of 0 where the student equals its teacher up to a constant', () => {
    const { value, gradient } = softTargets(matrix([3, 1, 4]), matrix([2, 0, 3]), 2);
    expect(value).toBeCloseTo(0, 12);
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-12);
  });

  it('has the gradient of soft cross-entropy, T (softmax(z_s / T) - softmax(z_t / T)) / rows', () => {
    const student = randomMatrix(2, 5, 11);
    const target = randomMatrix(2, 5, 12);
    const T = 3;
    const softCrossEntropy = (data: Float64Array): number => {
      let sum = 0;
      for (const row of [0, 5]) {
        const exps = (z: ArrayLike<number>): number[] => Array.from(z, (v) => Math.exp(v / T)).slice(row, row + 5);
        const [p, q] = [exps(target.data), exps(data)];
        const [pSum, qSum] = [p, q].map((values) => values.reduce((a, b) => a + b));
        for (let c = 0; c < 5; c++) sum -= (T ** 2 * (p[c] / pSum) * Math.log(q[c] / qSum)) / 2;
      }
      return sum;
    };
    const { gradient } = softTargets(student, target, T);
    for (let i = 0; i < 10; i++) {
      const [above, below] = [1e-5, -1e-5].map((h) =>
        softCrossEntropy(Float64Array.from(student.data, (z, j) => (i === j ? z + h : z))),
      );
      expect(gradient[i]).toBeCloseTo((above - below) / 2e-5, 7);
    }
  });

  it('tends to half the squared centered logit difference over C as T grows: within 1e-3 at T = 1e4', () => {
    const student = matrix([1, -2, 4]);
    const target = matrix([0, 3, 1]);
    const differences = [1, -5, 3];
    const mean = differences.reduce((a, b) => a + b) / 3;
    const { value, gradient } = softTargets(student, target, 1e4);
    expect(value).toBeCloseTo(differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (2 * 3), 3);
    for (let c = 0; c < 3; c++) expect(gradient[c]).toBeCloseTo((differences[c] - mean) / 3, 3);
  });

  it('weighs rows equally, whatever their number', () => {
    const once = softTargets(logs(0.3, 0.7), logs(0.2, 0.8), 2).value;
    const row = [Math.log(0.3), Math.log(0.7)];
    const target = [Math.log(0.2), Math.log(0.8)];
    expect(softTargets(matrix(row, row), matrix(target, target), 2).value).toBeCloseTo(once, 12);
  });
});

describe('bernoulliSoftTargets', () => {
  it('of one label equals softTargets of two classes with logits (0, z)', () => {
    const bernoulli = bernoulliSoftTargets(matrix([0.4]), matrix([-1.3]), 2).value;
    expect(bernoulli).toBeCloseTo(softTargets(matrix([0, 0.4]), matrix([0, -1.3]), 2).value, 12);
  });
});

describe('softLabelMse', () => {
  it('sums over classes: (0.2 - 0.3)^2 + (0.8 - 0.7)^2 = 0.02', () => {
    expect(softLabelMse(logs(0.3, 0.7), logs(0.2, 0.8)).value).toBeCloseTo(0.02, 12);
  });
});

describe('meanSquaredError', () => {
  it('averages over columns and rows: ((1 - 3)^2 + 0 + 0 + (2 - 1)^2) / 4 = 1.25', () => {
    expect(meanSquaredError(matrix([1, 0], [0, 2]), matrix([3, 0], [0, 1])).value).toBe(1.25);
  });
});

describe('featureCosine', () => {
  it('is 0 for one direction, 1 for a right angle, 2 for opposites', () => {
    expect(featureCosine(matrix([2, 0]), matrix([5, 0])).value).toBe(0);
    expect(featureCosine(matrix([2, 0]), matrix([0, 3])).value).toBe(1);
    expect(featureCosine(matrix([2, 0]), matrix([-1, 0])).value).toBe(2);
  });

  it('counts 1 with a gradient of 0 for a student vector of 0', () => {
    const { value, gradient } = featureCosine(matrix([0, 0]), matrix([1, 1]));
    expect(value).toBe(1);
    expect([...gradient]).toEqual([0, 0]);
  });
});

describe('stackRows', () => {
  it('puts vectors below each other', () => {
    expect(stackRows([[1, 2], Float32Array.of(3, 4)])).toEqual({
      rows: 2,
      columns: 2,
      data: Float32Array.of(1, 2, 3, 4),
    });
  });
});
