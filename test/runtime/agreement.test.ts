import { describe, expect, it } from 'vitest';
import { agreementsOf, verdictOf } from '../../src/runtime/agreement.ts';

const ranked = (...scores: readonly (readonly [label: string, score: number])[]) =>
  scores.map(([label, score]) => ({ label, score }));

describe('verdictOf', () => {
  it('is the same where the best label is, whatever the scores of the others', () => {
    const verdict = verdictOf(ranked(['ham', 0.6], ['spam', 0.4]), false);
    expect(verdictOf(ranked(['ham', 0.9], ['spam', 0.7]), false)).toBe(verdict);
    expect(verdictOf(ranked(['spam', 0.6], ['ham', 0.4]), false)).not.toBe(verdict);
  });

  it('takes each label from a score of 0.5 on where there may be several, in any order', () => {
    const verdict = verdictOf(ranked(['b', 0.9], ['a', 0.5], ['c', 0.49]), true);
    expect(verdictOf(ranked(['a', 0.8], ['b', 0.7], ['c', 0]), true)).toBe(verdict);
    expect(verdictOf(ranked(['a', 0.8], ['b', 0.7], ['c', 0.5]), true)).not.toBe(verdict);
    expect(verdictOf(ranked(['a', 0.4]), true)).toBe(verdictOf([], true));
  });
});

describe('agreementsOf', () => {
  it('is the share of equal verdicts of every two models, and 1 of no verdicts', () => {
    expect(
      agreementsOf([
        ['x', 'y', 'z', 'z'],
        ['x', 'y', 'y', 'z'],
      ]),
    ).toEqual([
      [1, 3 / 4],
      [3 / 4, 1],
    ]);
    expect(agreementsOf([[], []])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });
});
