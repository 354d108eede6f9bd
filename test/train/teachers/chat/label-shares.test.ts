import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  labelOfAnswer,
  probabilitiesOfShares,
  sharesOfTokens,
  sharesOfVotes,
} from '../../../../src/train/teachers/chat/label-shares.ts';

const tokens = (byToken: Readonly<Record<string, number>>) =>
  Object.entries(byToken).map(([token, p]) => ({ token, logprob: Math.log(p) }));

describe('sharesOfTokens', () => {
  it('adds up the ways to write a code, and leaves the rest to the other bucket, the missing tail as well', () => {
    const { labels, other } = sharesOfTokens(tokens({ A: 0.5, ' A': 0.1, b: 0.2, The: 0.1 }), 3);
    expect(labels[0]).toBeCloseTo(0.6, 12);
    expect(labels[1]).toBeCloseTo(0.2, 12);
    expect(labels[2]).toBe(0);
    expect(other).toBeCloseTo(0.2, 12);
  });

  it('knows codes of as many digits as the labels need, and no part of one', () => {
    const { labels, other } = sharesOfTokens(tokens({ '07': 0.5, '7': 0.25, '27': 0.25 }), 27);
    expect([labels[6], labels[26], other]).toEqual([0.5, 0.25, 0.25]);
  });
});

describe('sharesOfVotes', () => {
  it('divides one more vote among the labels', () => {
    const { labels, other } = sharesOfVotes([0, 0, 0, 1, -1], 2);
    expect(labels[0]).toBeCloseTo(3.5 / 6, 12);
    expect(labels[1]).toBeCloseTo(1.5 / 6, 12);
    expect(other).toBeCloseTo(1 / 6, 12);
  });
});

describe('probabilitiesOfShares', () => {
  const shares = { labels: [0.6, 0.2, 0], other: 0.2 };

  it('spreads the other bucket over all labels, or drops it, as hand-computed', () => {
    const spread = probabilitiesOfShares(shares, 'spread');
    for (const [i, p] of [0.6 + 0.2 / 3, 0.2 + 0.2 / 3, 0.2 / 3].entries()) expect(spread[i]).toBeCloseTo(p, 12);
    expect(probabilitiesOfShares(shares, 'drop').map((p) => Number(p.toFixed(12)))).toEqual([0.75, 0.25, 0]);
  });

  it('gives the same to all where nothing names a label', () => {
    for (const rule of ['spread', 'drop'] as const) {
      expect(probabilitiesOfShares({ labels: [0, 0], other: 1 }, rule)).toEqual([0.5, 0.5]);
    }
  });

  it('adds up to 1 and keeps the order of the labels, whatever the shares', () => {
    const arbitrary = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(arbitrary, fc.constantFrom('spread' as const, 'drop' as const), ([rest, ...raw], rule) => {
        const total = raw.reduce((a, b) => a + b, rest) || 1;
        const labels = raw.map((value) => value / total);
        const probabilities = probabilitiesOfShares({ labels, other: rest / total }, rule);
        expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
        const best = labels.indexOf(Math.max(...labels));
        expect(probabilities[best]).toBe(Math.max(...probabilities));
      }),
    );
  });
});

describe('labelOfAnswer', () => {
  const LABELS = ['billing', 'delivery', 'late delivery', 'C++'];

  it.each<[string, number]>([
    ['B', 1],
    [' b. ', 1],
    ['**C**', 2],
    ['B: delivery', 1],
    ['(A) because', 0],
    ['A) billing', 0],
    ['delivery', 1],
    ['"Late Delivery."', 2],
    ['The label is billing.', 0],
    ['I would say C++ here', 3],
    ['A text about billing', 0],
    ['billing or delivery', -1],
    ['A difficult question', -1],
    ['Because of something', -1],
    ['E', -1],
    ['prebilling', -1],
    ['', -1],
  ])('reads %j as %i', (answer, label) => {
    expect(labelOfAnswer(answer, LABELS)).toBe(label);
  });

  it('reads numbers where there are many labels', () => {
    const labels = Array.from({ length: 40 }, (_, i) => `label ${i}`);
    for (const [answer, label] of [
      ['07', 6],
      ['07.', 6],
      ['7', -1],
      ['label 8', 8],
    ] as const) {
      expect(labelOfAnswer(answer, labels)).toBe(label);
    }
  });
});
