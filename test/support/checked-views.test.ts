import { describe, expect, it } from 'vitest';
import { ScalarKernels } from '../../src/runtime/kernels/scalar.ts';
import { withCheckedViews } from './checked-views.ts';

describe('withCheckedViews', () => {
  const memory = new ArrayBuffer(64);
  const kernels = withCheckedViews(() => new ScalarKernels(memory, 2));

  it('computes the same where every index is inside', () => {
    new Float32Array(memory).set([1, 2, 3, 4, 10, 20, 30, 40]);
    kernels.add(0, 16, 1, 4);
    expect(Array.from(new Float32Array(memory, 0, 4))).toEqual([11, 22, 33, 44]);
  });

  it('throws where a kernel reads, writes, fills or copies outside', () => {
    expect(() => kernels.add(0, 64, 1, 4)).toThrow('read outside');
    expect(() => kernels.add(64, 0, 1, 4)).toThrow('outside');
    expect(() => kernels.maxPool(56, 0, 0, 4)).toThrow('expected a place within 0..16');
    expect(() => kernels.maxPool(0, 56, 1, 4)).toThrow('read outside');
  });
});
