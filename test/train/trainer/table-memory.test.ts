import { describe, expect, it } from 'vitest';
import { copyRows, copyValues, movingOf, rowStride, writeValues } from '../../../src/train/trainer/table-memory.ts';

const ROWS = 4;

describe.each([
  [0, 1],
  [2, 1],
  [1, 3],
  [2, 3],
])('a table with %i moments and %i columns', (numMoments, columns) => {
  const table = { numbers: new Float32Array(ROWS * columns * (1 + numMoments)), columns, numMoments };
  const values = Float32Array.from({ length: ROWS * columns }, (_, i) => i + 1);

  it('gives back what was written, whole and row by row, and has moments of 0', () => {
    writeValues(table, values);
    expect(copyValues(table)).toEqual(values);
    const row = (id: number): Float32Array => values.subarray(id * columns, (id + 1) * columns);
    expect(copyRows(table, Int32Array.of(3, 1))).toEqual(Float32Array.of(...row(3), ...row(1)));
    const { moments } = movingOf(table);
    for (let id = 0; id < ROWS; id++) for (const moment of moments) expect(moment[id * rowStride(table)]).toBe(0);
  });

  it('moves a row where it lies, and no other number', () => {
    const moving = movingOf(table);
    expect(moving.moments).toHaveLength(numMoments);
    const at = 2 * rowStride(table);
    for (const [part, numbers] of [moving.values, ...moving.moments].entries()) {
      for (let i = 0; i < columns; i++) numbers[at + i] = -100 * (part + 1) - i;
    }
    const moved = [...table.numbers].filter((value) => value <= -100);
    expect(moved).toHaveLength(rowStride(table));
    expect([...table.numbers.subarray(at, at + rowStride(table))].every((value) => value <= -100)).toBe(true);
  });
});
