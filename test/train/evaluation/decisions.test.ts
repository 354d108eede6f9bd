import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argmax, decide, labelsOf, sameLabels } from '../../../src/train/evaluation/decisions.ts';

describe('argmax', () => {
  it('is the position of the largest number, the first of equal ones', () => {
    expect(argmax([1, 3, 2])).toBe(1);
    expect(argmax([2, 2, 1])).toBe(0);
    expect(argmax(Float32Array.of(-3, -1, -1))).toBe(1);
    expect(argmax([Number.NEGATIVE_INFINITY, -1e30])).toBe(1);
    expect(argmax([7])).toBe(0);
  });
});

describe('decide', () => {
  it('takes the label of the largest logit, also where all are negative', () => {
    expect(decide([-5, -2, -9], false)).toEqual([1]);
    expect(decide([0, 0], false)).toEqual([0]);
  });

  it('takes for several labels every one above 0, ascending, and perhaps none: 0 is one half, which is not above', () => {
    expect(decide([2, 0, -1, 1e-9], true)).toEqual([0, 3]);
    expect(decide([0, -0, -4], true)).toEqual([]);
  });
});

describe('labelsOf', () => {
  it('undoes a target: the positions of its ones', () => {
    expect(labelsOf(Float32Array.of(0, 1, 0, 1))).toEqual([1, 3]);
    expect(labelsOf([0, 0])).toEqual([]);
  });
});

describe('sameLabels', () => {
  it('is true for equal lists alone', () => {
    expect(sameLabels([], [])).toBe(true);
    expect(sameLabels([1], [])).toBe(false);
    expect(sameLabels([], [0])).toBe(false);
    expect(sameLabels([0, 2], [0, 1])).toBe(false);
  });

  it('compares as the JSON of both does', () => {
    const decision = fc.subarray([0, 1, 2]);
    fc.assert(
      fc.property(decision, decision, (a, b) => {
        expect(sameLabels(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});
