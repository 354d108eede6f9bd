import { describe, expect, it } from 'vitest';
import { median, percentile } from '../../../src/train/evaluation/percentile.ts';

describe('percentile', () => {
  it('is the smallest of the numbers that as great a part as asked for does not exceed', () => {
    const sorted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect([0, 0.5, 0.95, 1].map((rank) => percentile(sorted, rank))).toEqual([1, 5, 10, 10]);
    expect(median([3, 1, 2])).toBe(2);
  });
});
