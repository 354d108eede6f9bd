import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeIds, moveRows, type RowGradients, sumRows } from '../../../src/train/trainer/sparse-gradient.ts';
import { copyRows } from '../../../src/train/trainer/table-memory.ts';

const COLUMNS = 3;

/** Rows of a table of 20, some of each shard. */
const parts = fc.array(
  fc.uniqueArray(fc.nat(19), { minLength: 1 }).map((ids): RowGradients => {
    const sorted = Int32Array.from(ids).sort();
    return {
      ids: sorted,
      gradient: Float32Array.from({ length: sorted.length * COLUMNS }, (_, i) => (sorted[0] + i) / 7),
    };
  }),
  { minLength: 1, maxLength: 4 },
);

const merged = (of: readonly RowGradients[]) => {
  const ids = mergeIds(of.map((part) => part.ids));
  // Longer than it has to be, and not clean.
  const gradient = new Float32Array((ids.length + 2) * COLUMNS).fill(9);
  return { ids, gradient, columns: COLUMNS, parts: of };
};

describe('mergeIds', () => {
  it('has every id of any parts once, ascending', () => {
    fc.assert(
      fc.property(parts, (some) => {
        const expected = [...new Set(some.flatMap(({ ids }) => [...ids]))].sort((a, b) => a - b);
        expect([...mergeIds(some.map(({ ids }) => ids))]).toEqual(expected);
      }),
    );
  });
});

describe('sumRows', () => {
  it('equals adding up whole tables in the order of the parts, exactly, cut anywhere', () => {
    fc.assert(
      fc.property(parts, fc.nat(20), (some, cut) => {
        const table = new Float32Array(20 * COLUMNS);
        for (const { ids, gradient } of some) {
          for (const [at, id] of ids.entries()) {
            for (let c = 0; c < COLUMNS; c++) table[id * COLUMNS + c] += gradient[at * COLUMNS + c];
          }
        }
        const sum = merged(some);
        const middle = Math.min(cut, sum.ids.length);
        const halves: [number, number][] = [
          [0, middle],
          [middle, sum.ids.length],
        ];
        const squares = halves.map(([from, to]) => sumRows(sum, from, to));
        expect(sum.gradient.subarray(0, sum.ids.length * COLUMNS)).toEqual(
          copyRows({ numbers: table, columns: COLUMNS, numMoments: 0 }, sum.ids),
        );
        expect(squares[0] + squares[1]).toBeCloseTo(
          table.reduce((total, value) => total + value ** 2, 0),
          3,
        );
        expect([...sum.gradient.subarray(sum.ids.length * COLUMNS)]).toEqual(Array(2 * COLUMNS).fill(9));
      }),
    );
  });
});

describe('moveRows', () => {
  it('moves the rows of the sum where they lie in the table, with their moments', () => {
    const some: RowGradients[] = [{ ids: Int32Array.of(2, 3, 4, 9), gradient: new Float32Array(12) }];
    const stretches: unknown[] = [];
    const table = { numbers: new Float32Array(10 * 3 * 2), columns: COLUMNS, numMoments: 1 };
    moveRows((_, __, ...stretch) => stretches.push(stretch), table, merged(some), 1, 4, 0.5);
    expect(stretches).toEqual([
      [18, 3, 3, 0.5],
      [24, 6, 3, 0.5],
      [54, 9, 3, 0.5],
    ]);
  });
});
