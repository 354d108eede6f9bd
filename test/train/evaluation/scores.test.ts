import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  confusionMatrix,
  type Decisions,
  exactMatch,
  macroF1,
  microF1,
  microScores,
} from '../../../src/train/evaluation/scores.ts';

const NUM_LABELS = 4;

const single = (...labels: readonly number[]): Decisions => labels.map((label) => [label]);

const singleLabel = fc.integer({ min: 0, max: NUM_LABELS - 1 }).map((label) => [label]);
const severalLabels = fc.subarray([...Array(NUM_LABELS).keys()]);

/** Predicted and gold decisions of the same rows. */
const pairsOf = (decision: fc.Arbitrary<number[]>) =>
  fc.array(fc.tuple(decision, decision), { minLength: 1, maxLength: 30 }).map((pairs) => ({
    predicted: pairs.map(([a]) => a),
    gold: pairs.map(([, b]) => b),
  }));

describe('exactMatch', () => {
  it('is the share of rows with the same labels: 3 of 4', () => {
    expect(exactMatch(single(0, 1, 1, 2), single(0, 1, 0, 2))).toBe(0.75);
  });

  it('counts a row of several labels only where all of them are right', () => {
    const gold = [[0, 1], [], [2]];
    expect(exactMatch([[0, 1], [], [2]], gold)).toBe(1);
    expect(exactMatch([[0], [], [1, 2]], gold)).toBeCloseTo(1 / 3, 15);
    expect(exactMatch([[], [0], []], gold)).toBe(0);
  });

  it('does not depend on which side is which', () => {
    fc.assert(
      fc.property(pairsOf(severalLabels), ({ predicted, gold }) => {
        expect(exactMatch(predicted, gold)).toBe(exactMatch(gold, predicted));
      }),
    );
  });
});

describe('macroF1', () => {
  it('is 1 where no label occurs on either side', () => {
    expect(macroF1([[], []], [[], []], 2)).toBe(1);
  });

  it('averages the F1 of the labels: (2 x 1 / 3 + 2 x 2 / 5) / 2 = 11 / 15', () => {
    // Label 0: TP 1, FN 1. Label 1: TP 2, FP 1.
    expect(macroF1(single(0, 1, 1, 1), single(0, 0, 1, 1), 2)).toBeCloseTo(11 / 15, 15);
  });

  it('counts 0 for a label that is never predicted, and one that is predicted and never right', () => {
    expect(macroF1(single(0, 0, 0), single(0, 0, 1), 2)).toBeCloseTo(0.8 / 2, 15);
    expect(macroF1(single(0, 0, 2), single(0, 0, 0), 3)).toBeCloseTo(0.8 / 2, 15);
  });

  it('leaves a label out that occurs on neither side', () => {
    expect(macroF1(single(0, 2), single(0, 2), 5)).toBe(1);
  });

  it('counts each label of a row of several: (1 + 2/3 + 0) / 3', () => {
    // Label 0: TP 2. Label 1: TP 1, FP 1. Label 2: FN 1.
    expect(macroF1([[0, 1], [0], [1]], [[0, 1], [0, 2], []], 3)).toBeCloseTo(5 / 9, 15);
  });

  it.each([
    ['one label', singleLabel],
    ['several labels', severalLabels],
  ])('equals the harmonic mean of precision and recall, within 1e-12, for %s a row', (_, decision) => {
    fc.assert(
      fc.property(pairsOf(decision), ({ predicted, gold }) => {
        const scores: number[] = [];
        for (let label = 0; label < NUM_LABELS; label++) {
          const rowsWith = (side: Decisions): Set<number> =>
            new Set(side.flatMap((labels, row) => (labels.includes(label) ? [row] : [])));
          const [found, wanted] = [rowsWith(predicted), rowsWith(gold)];
          if (found.size === 0 && wanted.size === 0) continue;
          const both = [...found].filter((row) => wanted.has(row)).length;
          const [precision, recall] = [both / found.size, both / wanted.size];
          scores.push(both === 0 ? 0 : (2 * precision * recall) / (precision + recall));
        }
        fc.pre(scores.length > 0);
        const mean = scores.reduce((a, b) => a + b) / scores.length;
        expect(macroF1(predicted, gold, NUM_LABELS)).toBeCloseTo(mean, 12);
      }),
    );
  });
});

describe('microScores', () => {
  it('has precision of what is predicted, recall of what is gold, and 1 where there is none of these', () => {
    expect(microScores({ right: 2, predicted: 4, gold: 3 })).toEqual({ precision: 1 / 2, recall: 2 / 3, f1: 4 / 7 });
    expect(microScores({ right: 0, predicted: 0, gold: 3 })).toEqual({ precision: 1, recall: 0, f1: 0 });
    expect(microScores({ right: 0, predicted: 0, gold: 0 })).toEqual({ precision: 1, recall: 1, f1: 1 });
  });
});

describe('microF1', () => {
  it('counts the labels of all rows together: 2 x 3 / (4 + 4)', () => {
    expect(microF1([[0, 1], [0], [1]], [[0, 1], [0, 2], []])).toBe(6 / 8);
  });

  it('is the accuracy, within 1e-12, where each row has one label', () => {
    fc.assert(
      fc.property(pairsOf(singleLabel), ({ predicted, gold }) => {
        fc.pre(gold.length > 0);
        expect(microF1(predicted, gold)).toBeCloseTo(exactMatch(predicted, gold), 12);
      }),
    );
  });
});

describe('confusionMatrix', () => {
  it('counts rows of gold label i that got label j, with zeros for labels that do not occur', () => {
    expect(confusionMatrix(single(0, 1, 1, 0), single(0, 1, 0, 0), 3)).toEqual([
      [2, 1, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
  });

  it('has every row once, and on its diagonal the share that is right', () => {
    fc.assert(
      fc.property(pairsOf(singleLabel), ({ predicted, gold }) => {
        const matrix = confusionMatrix(predicted, gold, NUM_LABELS);
        for (let i = 0; i < NUM_LABELS; i++) {
          for (let j = 0; j < NUM_LABELS; j++) {
            const rows = gold.filter(([label], row) => label === i && predicted[row][0] === j);
            expect(matrix[i][j]).toBe(rows.length);
          }
        }
        const diagonal = matrix.reduce((sum, counts, label) => sum + counts[label], 0);
        expect(diagonal / gold.length).toBe(exactMatch(predicted, gold));
      }),
    );
  });
});
