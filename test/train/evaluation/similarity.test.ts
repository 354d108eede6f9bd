import { describe, expect, it } from 'vitest';
import { cosine, meanCosine, pearson, spearman } from '../../../src/train/evaluation/similarity.ts';

describe('spearman', () => {
  it('is the correlation of the ranks, of which ties share the mean, within 1e-12', () => {
    // Ranks 1, 2.5, 2.5, 4, 5 and 1, 2, 3.5, 5, 3.5.
    expect(spearman([1, 2, 2, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(29 / 38, 12);
    expect(spearman([1, 2, 3], [10, 100, 1000])).toBeCloseTo(1, 12);
    expect(spearman([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    expect(spearman([1, 2, 3], [4, 4, 4])).toBe(0);
  });
});

describe('pearson and cosine', () => {
  it('are what their formulas give, and 0 where a side has no direction', () => {
    expect(pearson([1, 2, 4], [2, 4, 8])).toBeCloseTo(1, 12);
    expect(pearson([1, 2, 3], [1, 1, 4])).toBeCloseTo(Math.sqrt(3) / 2, 12);
    expect(cosine([3, 4], [4, 3])).toBeCloseTo(0.96, 12);
    expect(cosine([0, 0], [1, 2])).toBe(0);
    expect(
      meanCosine(
        [
          [1, 0],
          [0, 1],
        ],
        [
          [2, 0],
          [1, 0],
        ],
      ),
    ).toBeCloseTo(0.5, 12);
  });
});
