import { afterEach, describe, expect, it, vi } from 'vitest';
import { sample } from '../../../bench/runtime/sampling.ts';

describe('sample', () => {
  afterEach(() => void vi.restoreAllMocks());

  it.each([
    ['samples of a fast call for as long as asked for', 0.1, 200],
    ['20 samples of one that takes longer', 10, 20],
    ['3 samples of one that takes a second', 1000, 3],
  ])('takes %s', async (_, callMs, count) => {
    let clockMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => clockMs);
    const run = () => {
      clockMs += callMs;
    };
    expect(await sample(run, { warmUpMs: 1, budgetMs: 20 })).toHaveLength(count);
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
      const times = await sample(run, { warmUpMs: 1, budgetMs: 0 });
      expect(times).toHaveLength(20);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(calls).toBeGreaterThan(20);
    },
  );
});
