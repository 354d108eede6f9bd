import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHash, groupByLabels, shuffleByHash } from '../../../src/train/data/content-hash.ts';
import { arbitraryRows, idsOf, rowOf, shuffled } from '../../support/rows.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('contentHash', () => {
  it('is SHA-256 over names and values, sorted by name, each after its length in bytes', () => {
    expect(contentHash({ text: 'Köln' })).toBe(sha256('4:text5:Köln'));
    expect(contentHash({ b: '', a: '1:x' })).toBe(sha256('1:a3:1:x1:b0:'));
  });

  it('tells fields apart that say the same when written one after the other', () => {
    const same = [{ ab: 'c' }, { a: 'bc' }, { abc: '' }, { a: 'b', c: '' }, { a: '', b: 'c' }, { a: '', bc: '' }];
    expect(new Set(same.map(contentHash)).size).toBe(same.length);
  });

  it('is the same for the same fields in any order, and for no others (500 pairs)', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ':', '0', '1', '2'), maxLength: 4 });
    const fields = fc.dictionary(text, text, { maxKeys: 3 });
    fc.assert(
      fc.property(fields, fields, (one, other) => {
        const reversed = Object.fromEntries(Object.entries(one).reverse());
        expect(contentHash(reversed)).toBe(contentHash(one));
        const sorted = (record: object): string => JSON.stringify(Object.entries(record).sort());
        expect(contentHash(one) === contentHash(other)).toBe(sorted(one) === sorted(other));
      }),
      { numRuns: 500 },
    );
  });
});

describe('shuffleByHash', () => {
  it('has every row once, in an order that does not depend on the one before', () => {
    fc.assert(
      fc.property(
        arbitraryRows.chain((rows) => fc.tuple(fc.constant(rows), shuffled(rows))),
        fc.nat(),
        ([rows, others], seed) => {
          const order = shuffleByHash(rows, seed);
          expect(idsOf(order).sort()).toEqual(idsOf(rows).sort());
          expect(shuffleByHash(others, seed)).toEqual(order);
        },
      ),
    );
  });

  it('gives another order for another seed', () => {
    const rows = Array.from({ length: 20 }, (_, i) => rowOf(`row ${i}`));
    expect(idsOf(shuffleByHash(rows, 1))).not.toEqual(idsOf(shuffleByHash(rows, 2)));
  });
});

describe('groupByLabels', () => {
  it('puts rows of the same labels together, unlabelled ones too, and mixes up no names', () => {
    const rows = [rowOf('1', 'a', 'b'), rowOf('2'), rowOf('3', 'a,b'), rowOf('4', 'a', 'b'), rowOf('5', 'null')];
    const groups = [...groupByLabels(rows).values()].map(idsOf);
    expect(groups.sort()).toEqual([['1', '4'], ['2'], ['3'], ['5']]);
  });

  it('gives the groups in an order that does not depend on that of the rows', () => {
    const rows = [rowOf('1', 'b'), rowOf('2', 'a'), rowOf('3')];
    expect([...groupByLabels(rows).keys()]).toEqual([...groupByLabels([...rows].reverse()).keys()]);
  });
});
