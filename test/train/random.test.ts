import { describe, expect, it } from 'vitest';
import { createRandom, restoreRandom } from '../../src/train/random.ts';

describe('createRandom', () => {
  it('is xoshiro128** 1.1: the first words from the state (1, 2, 3, 4)', () => {
    const random = restoreRandom([1, 2, 3, 4]);
    expect(Array.from({ length: 4 }, () => random.uint32())).toEqual([11520, 0, 5927040, 70819200]);
  });

  it('gives the same numbers for the same seed and others for another', () => {
    const draw = (seed: number): number[] => [...createRandom(seed).normals(8, 1)];
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });

  it('goes on from a state that went through JSON', () => {
    const random = createRandom(1);
    random.normals(3, 1);
    const copy = restoreRandom(JSON.parse(JSON.stringify(random.state())));
    expect(copy.uint32()).toBe(random.uint32());
  });

  it.each([-1, 0.5, 2 ** 32, Number.NaN])('refuses the seed %d', (seed) => {
    expect(() => createRandom(seed)).toThrow(/^seed: expected an integer/);
  });
});

describe('the streams of a seed', () => {
  it('are each the same again, and differ from each other and from those of other seeds', () => {
    const first = (seed: number, ...stream: number[]): number => createRandom(seed, ...stream).uint32();
    expect(first(3, 7, 1)).toBe(first(3, 7, 1));
    const starts = new Set<number>();
    for (let seed = 0; seed < 4; seed++) {
      starts.add(first(seed));
      for (let step = 0; step < 50; step++)
        for (let shard = 0; shard < 4; shard++) starts.add(first(seed, step, shard));
    }
    expect(starts.size).toBe(4 * 201);
  });
});

describe('Random', () => {
  const length = 40_000;
  const mean = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0) / length;

  it('draws uniform numbers in [0, 1) with mean 1/2 and variance 1/12, within 0.005', () => {
    const random = createRandom(2);
    const values = Array.from({ length }, () => random.uniform());
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan(0.005);
    expect(Math.abs(mean(values.map((v) => (v - 0.5) ** 2)) - 1 / 12)).toBeLessThan(0.005);
  });

  it('draws normal numbers with the standard deviation asked for, within 2 %', () => {
    const values = createRandom(3).normals(length, 0.5);
    expect(Math.abs(mean(values))).toBeLessThan(0.01);
    expect(Math.sqrt(mean(values.map((v) => v * v))) / 0.5).toBeCloseTo(1, 1.5);
    expect(mean(values.map((v) => v ** 4)) / 0.5 ** 4).toBeGreaterThan(2.8);
  });

  it('shuffles into a permutation, each place equally likely within 10 %', () => {
    const random = createRandom(4);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++) {
      const items = [0, 1, 2, 3];
      random.shuffle(items);
      expect([...items].sort()).toEqual([0, 1, 2, 3]);
      counts[items.indexOf(0)] += 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(100);
  });

  it('drops the share asked for and keeps the mean at 1, within 0.01', () => {
    const mask = createRandom(5).dropoutMask(length, 0.25);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    expect(Math.abs(mean(mask) - 1)).toBeLessThan(0.01);
  });
});
