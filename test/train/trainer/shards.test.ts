import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countShards, cutBatch, dealOut } from '../../../src/train/trainer/shards.ts';

describe('countShards', () => {
  it('is one, or as many as have the rows that are worth it, four at most', () => {
    expect([1, 7, 8, 15, 16, 31, 32, 64, 1000].map((batchSize) => countShards(batchSize, 8))).toEqual([
      1, 1, 1, 1, 2, 3, 4, 4, 4,
    ]);
  });
});

describe('cutBatch', () => {
  it('puts rows of similar work together, the most work last', () => {
    const work = [5, 1, 9, 2, 7, 3];
    expect(cutBatch([0, 1, 2, 3, 4, 5], (row) => work[row], 3)).toEqual([
      [1, 3],
      [5, 0],
      [4, 2],
    ]);
  });

  it('keeps rows of equal work in their order, one drawn twice included', () => {
    expect(cutBatch([8, 2, 8, 5], () => 1, 2)).toEqual([
      [8, 2],
      [8, 5],
    ]);
  });

  it('has every row of any batch in exactly one shard, shards that differ by one row at most, none empty', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(30), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 6 }),
        (batch, count) => {
          const shards = cutBatch(batch, (row) => row % 5, Math.min(count, batch.length));
          const sizes = shards.map(({ length }) => length);
          expect(shards.length).toBe(Math.min(count, batch.length));
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          expect(shards.flat().sort((a, b) => a - b)).toEqual([...batch].sort((a, b) => a - b));
        },
      ),
    );
  });
});

describe('dealOut', () => {
  it('deals from the largest job back and forth, so that the sums are close', () => {
    expect(dealOut(4, 2)).toEqual([
      [3, 0],
      [2, 1],
    ]);
    expect(dealOut(4, 1)).toEqual([[3, 2, 1, 0]]);
    expect(dealOut(2, 4)).toEqual([[1], [0], [], []]);
  });
});
