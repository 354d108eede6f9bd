/**
 * The numbers of a table: of each row its values, and behind them what the optimizer remembers of them. A step reads and
 * writes all numbers of a few rows of a large table, and a row in one place of memory costs less than in one place of
 * each of several arrays.
 */
import type { Moving } from '../optimizers/index.ts';

/** Plain data: structured-clonable, and shared where it was allocated so. */
export interface TableMemory {
  /** `[rows, 1 + numMoments, columns]` */
  readonly numbers: Float32Array;
  readonly columns: number;
  /** Numbers that the optimizer remembers of each value. */
  readonly numMoments: number;
}

/** Elements from one row to the next. */
export function rowStride({ columns, numMoments }: TableMemory): number {
  return columns * (1 + numMoments);
}

/** The numbers as an optimizer moves them: the row `id` begins at `id * rowStride` in each of the views. */
export function movingOf({ numbers, columns, numMoments }: TableMemory): Moving {
  const from = (part: number): Float32Array => numbers.subarray(part * columns);
  return { values: from(0), moments: Array.from({ length: numMoments }, (_, moment) => from(1 + moment)) };
}

/** @returns a copy of the values of rows `ids`, `[ids.length, columns]` */
export function copyRows(table: TableMemory, ids: Int32Array): Float32Array {
  const { numbers, columns } = table;
  const stride = rowStride(table);
  const rows = new Float32Array(ids.length * columns);
  for (let i = 0; i < ids.length; i++) {
    const shift = ids[i] * stride - i * columns;
    for (let at = i * columns; at < (i + 1) * columns; at++) rows[at] = numbers[at + shift];
  }
  return rows;
}

/** @returns a copy of all values, `[rows, columns]` */
export function copyValues(table: TableMemory): Float32Array {
  const { numbers, columns } = table;
  const stride = rowStride(table);
  if (stride === columns) return numbers.slice();
  const values = new Float32Array((numbers.length / stride) * columns);
  for (let at = 0, row = 0; at < values.length; at += columns, row += stride) {
    values.set(numbers.subarray(row, row + columns), at);
  }
  return values;
}

/** Puts `values` `[rows, columns]` in the place of those that are there. */
export function writeValues(table: TableMemory, values: Float32Array): void {
  const { numbers, columns } = table;
  const stride = rowStride(table);
  for (let row = 0; row * columns < values.length; row++) {
    numbers.set(values.subarray(row * columns, (row + 1) * columns), row * stride);
  }
}
