/**
 * The gradient of the rows of a table that a batch used: one part a shard, and their sum. The rows of all parts come
 * in ascending order, so that a stretch of the sum can be computed by whoever has it, in one walk through the parts.
 */
import type { Move } from '../optimizers/index.ts';
import { movingOf, rowStride, type TableMemory } from './table-memory.ts';

/** Gradient of some rows of a table; plain data. */
export interface RowGradients {
  /** Ascending, each once. */
  readonly ids: Int32Array;
  /** `[ids.length, columns]`; may be longer. */
  readonly gradient: Float32Array;
}

/** Sum over the shards of a batch, and what it is the sum of. */
export interface MergedRows extends RowGradients {
  readonly columns: number;
  /** In the order of the shards. */
  readonly parts: readonly RowGradients[];
}

/** @returns the ids of all parts, ascending, each once */
export function mergeIds(parts: readonly Int32Array[]): Int32Array {
  const [first, ...rest] = parts;
  return rest.reduce(mergeTwo, first);
}

function mergeTwo(a: Int32Array, b: Int32Array): Int32Array {
  const merged = new Int32Array(a.length + b.length);
  let count = 0;
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const next = j === b.length || (i < a.length && a[i] <= b[j]) ? a[i] : b[j];
    if (a[i] === next) i++;
    if (b[j] === next) j++;
    merged[count++] = next;
  }
  return merged.subarray(0, count);
}

/**
 * Adds up the parts of rows `from` to `to` (places in `merged.ids`), in the order of the shards, and writes the sum.
 *
 * @returns its sum of squares
 */
export function sumRows({ ids, gradient, columns, parts }: MergedRows, from: number, to: number): number {
  gradient.fill(0, from * columns, to * columns);
  for (const part of parts) {
    let at = lowerBound(part.ids, ids[from]);
    for (let place = from; place < to && at < part.ids.length; place++) {
      if (part.ids[at] !== ids[place]) continue;
      const shift = (at++ - place) * columns;
      for (let i = place * columns; i < (place + 1) * columns; i++) gradient[i] += part.gradient[i + shift];
    }
  }
  return sumOfSquares(gradient, from * columns, to * columns);
}

/** First place in ascending `ids` whose id is not below `id`. */
function lowerBound(ids: Int32Array, id: number): number {
  let low = 0;
  for (let high = ids.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (ids[middle] < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Sum of the squares of `values[from..to)`, in double precision. */
export function sumOfSquares(values: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] * values[i];
  return sum;
}

/** Moves rows `from` to `to` (places in `merged.ids`) of a table. */
export function moveRows(
  move: Move,
  table: TableMemory,
  { ids, gradient, columns }: MergedRows,
  from: number,
  to: number,
  decay: number,
): void {
  const moving = movingOf(table);
  const stride = rowStride(table);
  for (let place = from; place < to; place++) {
    move(moving, gradient, ids[place] * stride, place * columns, columns, decay);
  }
}
