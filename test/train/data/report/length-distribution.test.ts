import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LengthCounter } from '../../../../src/train/data/report/length-distribution.ts';

function count(lengths: readonly number[]): LengthCounter {
  const counter = new LengthCounter();
  for (const length of lengths) counter.add(length);
  return counter;
}

describe('LengthCounter', () => {
  it('gives the figures of the sorted lengths', () => {
    const lengths = fc.array(fc.nat(300), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(lengths, fc.nat(300), (all, limit) => {
        const sorted = [...all].sort((a, b) => a - b);
        const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1];
        const counter = count(all);
        const { min, mean, p50, p95, p99, max } = counter.distribution();
        expect([min, p50, p95, p99, max]).toEqual([sorted[0], at(0.5), at(0.95), at(0.99), sorted.at(-1)]);
        expect(mean).toBeCloseTo(all.reduce((sum, length) => sum + length, 0) / all.length, 9);
        expect(counter.rowsAbove(limit)).toBe(all.filter((length) => length > limit).length);
      }),
    );
  });

  it('has every row in one of the bins, which follow each other without a gap', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { minLength: 1 }), (lengths) => {
        const { bins } = count(lengths).distribution();
        for (const [i, { from, to, rows }] of bins.entries()) {
          expect(from).toBe(i === 0 ? 0 : bins[i - 1].to + 1);
          expect(rows).toBe(lengths.filter((length) => length >= from && length <= to).length);
        }
        expect(bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(lengths.length);
      }),
    );
  });

  it('is all zeros where there is no row', () => {
    expect(count([]).distribution()).toEqual({ min: 0, mean: 0, p50: 0, p95: 0, p99: 0, max: 0, bins: [] });
  });
});
