import { afterEach, describe, expect, it, vi } from 'vitest';
import { quieterHalf, type Rotation, rotate } from '../../../bench/runtime/rotation.ts';

const steady = (times: readonly number[]): (() => Promise<readonly number[]>) => {
  let turn = 0;
  return async () => [times[turn++ % times.length]];
};

describe('rotate', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('gives each contestant a turn in every rotation, in order, five times at least', async () => {
    const order: string[] = [];
    const turn = (name: string) => async () => {
      order.push(name);
      return [1];
    };
    await rotate([turn('a'), turn('b')], { budgetMs: 0, leastRotations: 5 });
    expect(order.join('')).toBe('ababababab');
  });

  it('goes on as long as asked for, in whole rotations', async () => {
    let clockMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => clockMs);
    const turns = [0, 0];
    const turn = (i: number) => async () => {
      turns[i]++;
      clockMs += 3;
      return [3];
    };
    await rotate([turn(0), turn(1)], { budgetMs: 20, leastRotations: 1 });
    expect(turns).toEqual([4, 4]);
  });

  it('takes medians without the rotations that were loud for one contestant, and the 95th percentile of all', async () => {
    const [a, b] = await rotate([steady([1, 9, 1, 1]), steady([2, 2, 2, 20])], { budgetMs: 0, leastRotations: 4 });
    expect(a).toEqual({ p50Ms: 1, p95Ms: 9 });
    expect(b).toEqual({ p50Ms: 2, p95Ms: 20 });
  });
});

describe('quieterHalf', () => {
  it('weighs a contestant of microseconds as much as one of seconds, and keeps half, rounded up', () => {
    const rotations: readonly Rotation[] = [
      [[0.001], [1010]],
      [[0.002], [1000]],
      [[0.001], [1020]],
    ];
    expect(quieterHalf(rotations)).toEqual([rotations[0], rotations[2]]);
  });
});
