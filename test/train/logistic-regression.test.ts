import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Features,
  fitLogisticRegression,
  type LabelledFeatures,
  type LogisticModel,
  type LogisticShape,
  logisticLogits,
} from '../../src/train/logistic-regression.ts';
import { createRandom } from '../../src/train/random.ts';

const dense = (...values: readonly number[]): Features => ({ columns: null, values });

function examples(rows: readonly (readonly number[])[], targets: readonly (readonly number[])[]): LabelledFeatures {
  return { rows: rows.map((row) => dense(...row)), targets: targets.map((target) => Float32Array.from(target)) };
}

/** Rows around one center a label, overlapping; the several-label targets are independent coins tilted by a column. */
function clouds(count: number, { numColumns, numLabels, multiLabel }: LogisticShape, seed: number): LabelledFeatures {
  const random = createRandom(seed);
  const rows = Array.from({ length: count }, () => [...random.normals(numColumns, 1)]);
  const targets = rows.map((row, i) =>
    Array.from({ length: numLabels }, (_, label) => {
      if (multiLabel) return Number(row[label % numColumns] + random.normals(1, 1)[0] > 0);
      return Number(label === i % numLabels);
    }),
  );
  if (!multiLabel) for (const [i, row] of rows.entries()) row[i % numLabels] += 1;
  return examples(rows, targets);
}

/** Loss with its penalty as the documentation has it, written out naively. */
function penalized(model: LogisticModel, { rows, targets }: LabelledFeatures, strength: number): number {
  const { weights, numColumns, numLabels, multiLabel } = model;
  const stride = numColumns + 1;
  let loss = 0;
  for (const [i, { values }] of rows.entries()) {
    const logits = Array.from({ length: numLabels }, (_, label) => {
      let logit = weights[label * stride + numColumns];
      for (let k = 0; k < numColumns; k++) logit += weights[label * stride + k] * values[k];
      return logit;
    });
    const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
    for (const [label, logit] of logits.entries()) {
      if (!multiLabel) loss -= (targets[i][label] * Math.log(Math.exp(logit) / sum)) / rows.length;
      else {
        const p = 1 / (1 + Math.exp(-logit));
        loss -= Math.log(targets[i][label] === 1 ? p : 1 - p) / (rows.length * numLabels);
      }
    }
  }
  const squares = weights.filter((_, k) => k % stride !== numColumns).reduce((total, w) => total + w * w, 0);
  return loss + squares / (2 * strength * rows.length);
}

const SHAPES: readonly [string, LogisticShape][] = [
  ['softmax', { numColumns: 3, numLabels: 3, multiLabel: false }],
  ['one regression a label', { numColumns: 3, numLabels: 2, multiLabel: true }],
];

describe('logisticLogits', () => {
  const model: LogisticModel = {
    numColumns: 2,
    numLabels: 2,
    multiLabel: false,
    weights: Float64Array.of(1, 2, 3, -1, 0.5, -4),
  };

  it('is the weighted sum plus the bias, last in each row', () => {
    expect([...logisticLogits(model, dense(10, 100))]).toEqual([213, 36]);
  });

  it('reads values at their columns, zeros elsewhere', () => {
    expect([...logisticLogits(model, { columns: [1], values: [100] })]).toEqual([203, 46]);
    expect([...logisticLogits(model, { columns: [], values: [] })]).toEqual([3, -4]);
  });
});

describe.each(SHAPES)('fitLogisticRegression, %s', (_, shape) => {
  it('ends where the gradient of the penalized loss is 0 within 2e-6, by central differences', async () => {
    const train = clouds(60, shape, 1);
    for (const strength of [1, 100]) {
      const model = await fitLogisticRegression(train, train, shape, [strength]);
      expect(model.weights).toHaveLength(shape.numLabels * 4);
      for (let k = 0; k < model.weights.length; k++) {
        const at = (offset: number): number => {
          const weights = Float64Array.from(model.weights);
          weights[k] += offset;
          return penalized({ ...model, weights }, train, strength);
        };
        expect(Math.abs(at(1e-4) - at(-1e-4)) / 2e-4).toBeLessThan(2e-6);
      }
    }
  });

  it('has no neighbor of a lower loss', async () => {
    const train = clouds(40, shape, 2);
    const model = await fitLogisticRegression(train, train, shape, [10]);
    const least = penalized(model, train, 10);
    const size = model.weights.length;
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: size, maxLength: size }),
        (step) => {
          const weights = model.weights.map((weight, k) => weight + step[k]);
          expect(penalized({ ...model, weights }, train, 10)).toBeGreaterThanOrEqual(least - 1e-9);
        },
      ),
    );
  });

  it('reads sparse rows as the dense rows that they stand for, within 1e-5', async () => {
    const train = clouds(40, shape, 3);
    const sparse: LabelledFeatures = {
      ...train,
      rows: train.rows.map(({ values }) => ({ columns: [2, 0, 1], values: [values[2], values[0], values[1]] })),
    };
    const fitted = (rows: LabelledFeatures) => fitLogisticRegression(rows, train, shape, [10]);
    const [a, b] = [(await fitted(train)).weights, (await fitted(sparse)).weights];
    for (const [k, weight] of a.entries()) expect(b[k]).toBeCloseTo(weight, 5);
  });
});

describe('fitLogisticRegression', () => {
  const shape: LogisticShape = { numColumns: 1, numLabels: 2, multiLabel: false };
  const separable = examples(
    [[-2], [-1], [1], [2]],
    [
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
    ],
  );

  it('stays finite on separable rows, with weights that grow with the strength and opposite for two labels', async () => {
    const sizes: number[] = [];
    for (const strength of [0.1, 1, 10, 1000, 1e6]) {
      const { weights } = await fitLogisticRegression(separable, separable, shape, [strength]);
      expect(weights.every(Number.isFinite)).toBe(true);
      expect(weights[0]).toBeCloseTo(-weights[2], 4);
      expect(weights[1]).toBeCloseTo(0, 4);
      sizes.push(weights[2]);
    }
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(sizes[0]).toBeGreaterThan(0);
    expect(sizes[4]).toBeLessThan(100);
  });

  it('does not penalize the bias: without a signal it says how frequent each label is, within 1e-5', async () => {
    const train = examples(
      [[0], [0], [0], [0]],
      [
        [0, 1],
        [0, 1],
        [0, 1],
        [1, 0],
      ],
    );
    const [none, one] = logisticLogits(await fitLogisticRegression(train, train, shape, [1]), dense(0));
    expect(one - none).toBeCloseTo(Math.log(3), 5);
  });

  it('keeps the strength that is most often right on dev, of equal ones that of the lower cross-entropy', async () => {
    const sure = await fitLogisticRegression(separable, separable, shape, [0.1, 1000, 1]);
    expect(sure).toEqual(await fitLogisticRegression(separable, separable, shape, [1000]));
    // Where dev says the opposite of train, all are always wrong, and the least sure has the lowest cross-entropy.
    const opposite = { ...separable, targets: [...separable.targets].reverse() };
    const unsure = await fitLogisticRegression(separable, opposite, shape, [1000, 0.1, 1]);
    expect(unsure).toEqual(await fitLogisticRegression(separable, opposite, shape, [0.1]));
  });

  it('gives the same bits from the same rows', async () => {
    const train = clouds(50, SHAPES[0][1], 4);
    const model = () => fitLogisticRegression(train, train, SHAPES[0][1], [1, 10]);
    expect(await model()).toEqual(await model());
  });

  it('tells after each strength how many are fitted, and ends with the reason of its signal', async () => {
    const counts: number[] = [];
    await fitLogisticRegression(separable, separable, shape, [1, 10], { onFitted: (count) => void counts.push(count) });
    expect(counts).toEqual([1, 2]);
    const controller = new AbortController();
    const onFitted = (count: number): void => {
      counts.push(count);
      controller.abort(new Error('enough'));
    };
    const { signal } = controller;
    const fitted = fitLogisticRegression(separable, separable, shape, [1, 10, 100], { onFitted, signal });
    await expect(fitted).rejects.toThrow('enough');
    expect(counts).toEqual([1, 2, 1]);
  });
});
