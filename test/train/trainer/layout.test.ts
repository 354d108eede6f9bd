import { describe, expect, it } from 'vitest';
import { layOut, sliceRows, sliceVector } from '../../../src/train/trainer/layout.ts';

const tensor = (name: string, shape: readonly number[], decays: boolean) => ({ name, shape, decays, trains: true });
const layout = layOut([tensor('matrix', [300, 100], true), tensor('bias', [100], false), tensor('scalar', [], true)]);

describe('layOut', () => {
  it('puts tensors one after the other', () => {
    expect(layout.places.map(({ tensor: { name }, offset, size }) => [name, offset, size])).toEqual([
      ['matrix', 0, 30_000],
      ['bias', 30_000, 100],
      ['scalar', 30_100, 1],
    ]);
    expect(layout.size).toBe(30_101);
  });
});

describe('sliceVector', () => {
  it('cuts the whole vector into slices of at most 16,384 elements, each of one tensor', () => {
    expect(sliceVector(layout)).toEqual([
      { from: 0, to: 16_384, decays: true },
      { from: 16_384, to: 30_000, decays: true },
      { from: 30_000, to: 30_100, decays: false },
      { from: 30_100, to: 30_101, decays: true },
    ]);
  });
});

describe('sliceRows', () => {
  it('is as many rows as fit a slice, at least one', () => {
    expect([1, 128, 16_384, 50_000].map(sliceRows)).toEqual([16_384, 128, 1, 1]);
  });
});
