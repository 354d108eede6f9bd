import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTerms, tfIdfBaseline, vectorize } from '../../../src/train/baselines/tf-idf.ts';
import { goldDecisions } from '../../../src/train/evaluation/evaluate.ts';
import { exactMatch } from '../../../src/train/evaluation/scores.ts';
import { toyTransferSet } from '../../support/transfer-sets.ts';

const DOCUMENTS = ['free cash', 'free free lunch', 'lunch at noon'];

/** Weight by term. */
function weights(text: string, documents: readonly string[] = DOCUMENTS): Record<string, number> {
  const terms = countTerms(documents);
  const names = [...terms.columnOf.keys()];
  const { columns, values } = vectorize(text, terms);
  return Object.fromEntries(Array.from(values, (value, k) => [names[columns![k]], value]));
}

describe('countTerms', () => {
  it('counts in how many documents a word or a pair of words is: idf = log(4 / (1 + df)) + 1', () => {
    const { columnOf, idf } = countTerms(DOCUMENTS);
    const byTerm = Object.fromEntries([...columnOf].map(([term, column]) => [term, idf[column]]));
    const [once, twice] = [Math.log(2) + 1, Math.log(4 / 3) + 1];
    expect(byTerm).toEqual({
      at: once,
      'at noon': once,
      cash: once,
      free: twice,
      'free cash': once,
      'free free': once,
      'free lunch': once,
      lunch: twice,
      'lunch at': once,
      noon: once,
    });
    expect([...columnOf.keys()]).toEqual(Object.keys(byTerm));
    expect([...columnOf.values()]).toEqual([...columnOf.keys()].map((_, column) => column));
  });

  it('reads words as letters and digits of any script, in lower case and in NFKC', () => {
    expect([...countTerms(["Ｆree KÖLN, don't 25%!", '日本。']).columnOf.keys()].sort()).toEqual(
      ['25', 'don', 'don t', 'free', 'free köln', 'köln', 'köln don', 't', 't 25', '日本'].sort(),
    );
  });
});

describe('vectorize', () => {
  it('weighs each term by how often it is there times its idf, and divides by the length, within 1e-12', () => {
    // free: 2 x 1.2877, cash, free free and free cash: 1.6931 each, of length sqrt(2.5754^2 + 3 x 1.6931^2) = 3.9026.
    const [free, rest] = [2 * (Math.log(4 / 3) + 1), Math.log(2) + 1];
    const length = Math.sqrt(free ** 2 + 3 * rest ** 2);
    expect(length).toBeCloseTo(3.9026, 3);
    const expected = {
      free: free / length,
      cash: rest / length,
      'free free': rest / length,
      'free cash': rest / length,
    };
    const got = weights('Free free cash!');
    expect(Object.keys(got).sort()).toEqual(Object.keys(expected).sort());
    for (const [term, value] of Object.entries(expected)) expect(got[term]).toBeCloseTo(value, 12);
  });

  it('leaves terms out that no document had, and is empty where there is no other', () => {
    expect(weights('noon tomorrow')).toEqual({ noon: 1 });
    expect(weights('tomorrow')).toEqual({});
    expect(weights('')).toEqual({});
  });

  it('is of Euclidean length 1 within 1e-12 for any text with a known term', () => {
    const text = fc.array(fc.constantFrom('free', 'cash', 'lunch', 'at', 'noon', 'or', 'not'), { maxLength: 12 });
    fc.assert(
      fc.property(text, (words) => {
        const values = Object.values(weights(words.join(' ')));
        fc.pre(values.length > 0);
        expect(values.reduce((sum, value) => sum + value ** 2, 0)).toBeCloseTo(1, 12);
      }),
    );
  });
});

describe('tfIdfBaseline', () => {
  it('learns from the labelled rows alone: accuracy .95 on held-out rows of 30 labels', async () => {
    const train = toyTransferSet({ rows: 100, seed: 1, labelled: 0.3 });
    const test = toyTransferSet({ rows: 200, seed: 7 });
    const decisions = await tfIdfBaseline(train, toyTransferSet({ rows: 40, seed: 2 }), test);
    expect(exactMatch(decisions, goldDecisions(test))).toBeGreaterThanOrEqual(0.95);
    const isLabelled = (_: unknown, row: number): boolean => train.targets[row] !== null;
    const labelled = {
      ...train,
      inputs: train.inputs.filter(isLabelled),
      targets: train.targets.filter(isLabelled),
    };
    expect(await tfIdfBaseline(labelled, toyTransferSet({ rows: 40, seed: 2 }), test)).toEqual(decisions);
  });

  it('decides for several labels a text: exact match .8 on held-out rows', async () => {
    const several = { numLabels: 3, multiLabel: true };
    const [train, dev, test] = [1, 2, 7].map((seed) => toyTransferSet({ rows: 150, seed, ...several }));
    expect(exactMatch(await tfIdfBaseline(train, dev, test), goldDecisions(test))).toBeGreaterThanOrEqual(0.8);
  });
});
