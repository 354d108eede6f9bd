import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/format/index.ts';
import type { Row } from '../../../src/train/data/dataset.ts';
import { hideLabels, splitByHash } from '../../../src/train/data/split.ts';
import { arbitraryRows, idsOf, rowOf, shuffled } from '../../support/rows.ts';

const LABELS = ['a', 'b', 'c'];
const labelOf = (row: Row): string => row.labels?.[0] ?? 'none';
const count = (rows: readonly Row[], label: string): number => rows.filter((row) => labelOf(row) === label).length;
const labelled = (rows: readonly Row[]): readonly Row[] => rows.filter(({ labels }) => labels !== null);

/** Hundredths: doubles are drawn by their bits, which makes nearly all of them nearly nothing. */
const shares = fc
  .tuple(fc.integer({ min: 0, max: 49 }), fc.integer({ min: 0, max: 50 }))
  .map(([dev, test]) => ({ dev: dev / 100, test: test / 100 }));
const inTwoOrders = arbitraryRows.chain((rows) => fc.tuple(fc.constant(rows), shuffled(rows)));

describe('splitByHash', () => {
  it('puts every row into exactly one split', () => {
    fc.assert(
      fc.property(arbitraryRows, shares, fc.nat(), (rows, held, seed) => {
        const { train, dev, test } = splitByHash(rows, held, seed);
        expect(idsOf([...train, ...dev, ...test]).sort()).toEqual(idsOf(rows).sort());
      }),
    );
  });

  it('holds out the share that was asked for, within half a row, and of each label, within one and a half', () => {
    fc.assert(
      fc.property(arbitraryRows, shares, fc.nat(), (rows, held, seed) => {
        const splits = splitByHash(rows, held, seed);
        for (const name of ['dev', 'test'] as const) {
          expect(Math.abs(splits[name].length - held[name] * rows.length)).toBeLessThanOrEqual(0.5 + 1e-9);
        }
        for (const label of [...LABELS, 'none']) {
          for (const name of ['dev', 'test'] as const) {
            const wanted = held[name] * count(rows, label);
            expect(Math.abs(count(splits[name], label) - wanted)).toBeLessThanOrEqual(1.5 + 1e-9);
          }
        }
      }),
    );
  });

  it('holds out its share where every label is rare: 20 and 40 of 200 rows of 100 labels, no label first', () => {
    const rows = Array.from({ length: 200 }, (_, i) => rowOf(`row ${i}`, `label ${i % 100}`));
    const { dev, test } = splitByHash(rows, { dev: 0.1, test: 0.2 }, 0);
    expect([dev.length, test.length]).toEqual([20, 40]);
    const numbers = test.map((row) => Number(labelOf(row).slice('label '.length)));
    expect(numbers.some((number) => number < 50)).toBe(true);
    expect(numbers.some((number) => number >= 50)).toBe(true);
  });

  it('gives the same splits for the same rows in any order', () => {
    fc.assert(
      fc.property(inTwoOrders, shares, fc.nat(), ([rows, others], held, seed) => {
        expect(splitByHash(others, held, seed)).toEqual(splitByHash(rows, held, seed));
      }),
    );
  });

  it('holds out other rows for another seed', () => {
    const rows = Array.from({ length: 40 }, (_, i) => rowOf(`row ${i}`, LABELS[i % 2]));
    const test = (seed: number): string[] => idsOf(splitByHash(rows, { dev: 0.2, test: 0.2 }, seed).test).sort();
    expect(test(0)).toHaveLength(8);
    expect(test(0)).not.toEqual(test(1));
  });
});

describe('hideLabels', () => {
  const rowsAndKeep = arbitraryRows.chain((rows) =>
    fc.tuple(fc.constant(rows), fc.nat({ max: labelled(rows).length }), shuffled(rows)),
  );

  it('keeps as many labels as asked for and all rows in their places, and remembers what it hid', () => {
    fc.assert(
      fc.property(rowsAndKeep, fc.nat(), ([rows, keep], seed) => {
        const { rows: result, hidden } = hideLabels(rows, keep, seed);
        expect(labelled(result)).toHaveLength(keep);
        expect(hidden.size).toBe(labelled(rows).length - keep);
        expect(result.map((row) => ({ ...row, labels: row.labels ?? hidden.get(row.id) ?? null }))).toEqual(rows);
      }),
    );
  });

  it('keeps of each of up to three labels what its share asks for, within one row', () => {
    fc.assert(
      fc.property(rowsAndKeep, fc.nat(), ([rows, keep], seed) => {
        const kept = hideLabels(rows, keep, seed).rows;
        for (const label of LABELS) {
          const wanted = (keep * count(rows, label)) / Math.max(1, labelled(rows).length);
          expect(Math.abs(count(kept, label) - wanted)).toBeLessThan(1);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('prefers no label where all are rare: keeps 20 of 200 rows of 100 labels, early and late ones', () => {
    const rows = Array.from({ length: 200 }, (_, i) => rowOf(`row ${i}`, `label ${String(i % 100).padStart(2, '0')}`));
    const numbers = labelled(hideLabels(rows, 20, 0).rows).map((row) => Number(labelOf(row).slice('label '.length)));
    expect(numbers).toHaveLength(20);
    expect(numbers.filter((number) => number >= 50).length).toBeGreaterThanOrEqual(4);
    expect(numbers.filter((number) => number < 50).length).toBeGreaterThanOrEqual(4);
  });

  it('hides the same labels whatever the order of the rows, and others for another seed', () => {
    fc.assert(
      fc.property(rowsAndKeep, fc.nat(), ([rows, keep, others], seed) => {
        expect(hideLabels(others, keep, seed).hidden).toEqual(hideLabels(rows, keep, seed).hidden);
      }),
    );
    const rows = Array.from({ length: 40 }, (_, i) => rowOf(`row ${i}`, LABELS[i % 2]));
    const hidden = (seed: number): string[] => [...hideLabels(rows, 20, seed).hidden.keys()].sort();
    expect(hidden(0)).not.toEqual(hidden(1));
  });

  it.each([3, -1, 0.5, Number.NaN])('refuses to keep %d of two labels', (keep) => {
    const hide = (): unknown => hideLabels([rowOf('1', 'a'), rowOf('2', 'b'), rowOf('3')], keep, 0);
    expect(hide).toThrow(InputError);
    expect(hide).toThrow(`hideLabels: expected to keep an integer from 0 to the 2 labelled rows, got ${keep}`);
  });
});
