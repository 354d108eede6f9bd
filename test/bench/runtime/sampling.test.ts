import { afterEach, describe, expect, it, vi } from 'vitest';
import { sample } from '../../../bench/runtime/sampling.ts';

describe('sample', () => {
  afterEach(() => void vi.restoreAllMocks());

  /** A call of a known length, on a clock that ticks in steps. */
  function onClock(callMs: number, tickMs: number) {
    let clockMs = 0;
    let calls = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => Math.floor(clockMs / tickMs) * tickMs);
    const run = (): void => {
      clockMs += callMs;
      calls++;
    };
    const runLater = async (): Promise<void> => {
      await null;
      run();
    };
    return { run, runLater, calls: () => calls };
  }

  it.each([
    ['of a fast call for as long as asked for', 0.5, 40],
    ['one of a call that takes longer', 100, 1],
  ])('takes samples %s', async (_, callMs, count) => {
    const { run } = onClock(callMs, 0.25);
    expect(await sample(run, { warmUpMs: 1, budgetMs: 20 })).toHaveLength(count);
  });

  it('makes a sample of as many calls as it has to last, also where the clock ticks in milliseconds', async () => {
    const { run, calls } = onClock(0.25, 1);
    expect(await sample(run, { warmUpMs: 0, budgetMs: 0, sampleMs: 20 })).toEqual([0.25]);
    expect(calls()).toBe(4 + 80);
  });

  it('waits for functions that answer later', async () => {
    const { runLater } = onClock(5, 0.25);
    expect(await sample(runLater, { warmUpMs: 1, budgetMs: 12 })).toEqual([5, 5, 5]);
  });
});
