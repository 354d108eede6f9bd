/** Moving numbers of four bytes without changing them. Strides are in bytes. */
import { transposeBlock } from './transposition';

/** Copies `count` numbers. */
export function copyRun(to: usize, from: usize, count: i32): void {
  const end = to + ((<usize>count) << 2);
  for (; to + 16 <= end; to += 16, from += 16) v128.store(to, v128.load(from));
  for (; to < end; to += 4, from += 4) store<f32>(to, load<f32>(from));
}

/** Copies `rows` runs of `count` numbers. */
export function copyRows(to: usize, toStride: usize, from: usize, fromStride: usize, rows: i32, count: i32): void {
  for (let r = 0; r < rows; r++) {
    copyRun(to, from, count);
    to += toStride;
    from += fromStride;
  }
}

/** Blocks whose lines stay in the first cache while both sides are walked. */
const TILE: i32 = 32;

/** The innermost block of a permutation: a run where `rows` is 0, else a matrix `[rows, columns]` to transpose. */
function permuteBlock(to: usize, toStride: usize, from: usize, fromStride: usize, rows: i32, columns: i32): void {
  if (rows === 0) {
    copyRun(to, from, columns);
    return;
  }
  for (let r = 0; r < rows; r += TILE) {
    for (let c = 0; c < columns; c += TILE) {
      const source = from + <usize>r * fromStride + ((<usize>c) << 2);
      const target = to + <usize>c * toStride + ((<usize>r) << 2);
      transposeBlock(target, toStride, source, fromStride, min(TILE, rows - r), min(TILE, columns - c));
    }
  }
}

/**
 * Walks the outer axes of a permutation.
 *
 * @param plan three i32 for each outer axis: its size, its stride in the output and its stride in the input
 */
export function permute(
  to: usize,
  from: usize,
  plan: usize,
  axes: i32,
  toStride: usize,
  fromStride: usize,
  rows: i32,
  columns: i32,
): void {
  if (axes === 0) {
    permuteBlock(to, toStride, from, fromStride, rows, columns);
    return;
  }
  const size = load<i32>(plan);
  const outer = <usize>load<i32>(plan, 4);
  const inner = <usize>load<i32>(plan, 8);
  for (let i = 0; i < size; i++) {
    permute(to, from, plan + 12, axes - 1, toStride, fromStride, rows, columns);
    to += outer;
    from += inner;
  }
}
