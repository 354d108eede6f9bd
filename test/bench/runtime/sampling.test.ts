import { afterEach, describe, expect, it, vi } from 'vitest';
import { median, quantile, sample } from '../../../bench/runtime/sampling.ts';

describe('sample', () => {
  afterEach(() => void vi.restoreAllMocks());

  it.each([
    ['all samples of a fast call', 0.1, 200],
    ['20 samples of one that takes a second', 1000, 20],
  ])('takes %s', async (_, callMs, count) => {
    let clockMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => clockMs);
    const run = () => {
      clockMs += callMs;
    };
    expect(await sample(run, { warmUpMs: 1, samples: 200 })).toHaveLength(count);
  });

  it.each([
    ['now', () => 1],
    ['later', () => Promise.resolve(1)],
  ])(
    'calls a function that answers %s once at least for each sample, and gives the samples in rising order',
    async (_, answer) => {
      let calls = 0;
      const run = () => {
        calls++;
        return answer();
      };
      const times = await sample(run, { warmUpMs: 1, samples: 5 });
      expect(times).toHaveLength(5);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(calls).toBeGreaterThan(5);
    },
  );
});

describe('quantile', () => {
  it('is the smallest of the numbers that as great a part as asked for does not exceed', () => {
    const sorted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect([0, 0.5, 0.95, 1].map((rank) => quantile(sorted, rank))).toEqual([1, 5, 10, 10]);
    expect(median([3, 1, 2])).toBe(2);
  });
});
