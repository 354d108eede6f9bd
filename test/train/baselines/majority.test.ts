import { describe, expect, it } from 'vitest';
import { majorityBaseline } from '../../../src/train/baselines/majority.ts';
import type { TransferSet } from '../../../src/train/transfer-set.ts';

function setOf(targets: readonly (readonly number[] | null)[], multiLabel = false): TransferSet {
  return {
    labels: ['a', 'b', 'c'],
    multiLabel,
    inputs: targets.map((_, row) => `text ${row}`),
    targets: targets.map((target) => target && Float32Array.from(target)),
    teacherLogits: null,
    teacherFeatures: null,
  };
}

const [A, B] = [
  [1, 0, 0],
  [0, 1, 0],
];
const test = setOf([A, B, A]);

describe('majorityBaseline', () => {
  it('decides every row for the label that most labelled rows of training have', () => {
    expect(majorityBaseline(setOf([A, B, null, null, B]), test)).toEqual([[1], [1], [1]]);
  });

  it('decides for the label that comes first where two are as frequent', () => {
    expect(majorityBaseline(setOf([B, A, A, B]), test)).toEqual([[1], [1], [1]]);
  });

  it('decides for the most frequent set of labels where a text may have several, which may be empty', () => {
    const [both, none] = [
      [1, 0, 1],
      [0, 0, 0],
    ];
    expect(majorityBaseline(setOf([A, both, both, none], true), test)).toEqual([
      [0, 2],
      [0, 2],
      [0, 2],
    ]);
    expect(majorityBaseline(setOf([none, both, none], true), test)).toEqual([[], [], []]);
  });

  it('does not look at the labels of test', () => {
    const train = setOf([A, A, B]);
    expect(majorityBaseline(train, setOf([B, B, B]))).toEqual(majorityBaseline(train, test));
  });
});
