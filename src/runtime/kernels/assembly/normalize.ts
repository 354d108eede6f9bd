/** Layer normalization and depthwise convolution in f32; `kernels/kernels.ts` is the contract. */
import { activate } from './float';
import { rowBytes } from './rows';

/** The sum of the lanes, in the documented order, in each of them. */
function addLanes(x: v128): v128 {
  const pairs = f32x4.add(x, v128.shuffle<i32>(x, x, 1, 0, 3, 2));
  return f32x4.add(pairs, v128.shuffle<i64>(pairs, pairs, 1, 0));
}

export function layerNorm(out: usize, x: usize, weight: usize, bias: usize, rows: i32, width: i32, epsilon: f32): void {
  const bytes = rowBytes(width);
  const size = f32x4.splat(<f32>width);
  // The lanes that the last register of a row fills: what the others add to a sum of squares is taken back.
  const filled = i32x4.ge_s(i32x4.splat((width - 1) & 3), i32x4(0, 1, 2, 3));
  let before = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    let sums = f32x4.splat(0);
    for (let c: usize = 0; c < bytes; c += 16) sums = f32x4.add(sums, v128.load(x + c));
    const mean = f32x4.div(addLanes(sums), size);
    let squares = f32x4.splat(0);
    for (let c: usize = 0; c < bytes; c += 16) {
      const d = f32x4.sub(v128.load(x + c), mean);
      before = squares;
      squares = f32x4.add(squares, f32x4.mul(d, d));
    }
    const variance = f32x4.div(addLanes(v128.bitselect(squares, before, filled)), size);
    const inverse = f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(variance, f32x4.splat(epsilon))));
    for (let c: usize = 0; c < bytes; c += 16) {
      const normalized = f32x4.mul(f32x4.sub(v128.load(x + c), mean), inverse);
      v128.store(out + c, f32x4.add(f32x4.mul(normalized, v128.load(weight + c)), v128.load(bias + c)));
    }
    x += bytes;
    out += bytes;
  }
}

export function depthwiseConv(
  out: usize,
  x: usize,
  w: usize,
  bias: usize,
  rows: i32,
  width: i32,
  kernelSize: i32,
  activation: i32,
): void {
  const bytes = rowBytes(width);
  const end = x + <usize>rows * bytes;
  // Where the first tap meets a row, and maybe before the memory: signed.
  let first = x - <usize>(kernelSize >> 1) * bytes;
  let to = out;
  for (let r = 0; r < rows; r++) {
    const from = max<isize>(first, x);
    const until = min<isize>(first + <usize>kernelSize * bytes, end);
    const taps = w - first;
    first += bytes;
    let c: usize = 0;
    // Two registers a turn, then one.
    for (; c + 32 <= bytes; c += 32) {
      let left = v128.load(bias + c);
      let right = v128.load(bias + c, 16);
      for (let value = from + c; value < until; value += bytes) {
        const tap = value + taps;
        left = f32x4.add(left, f32x4.mul(v128.load(value), v128.load(tap)));
        right = f32x4.add(right, f32x4.mul(v128.load(value, 16), v128.load(tap, 16)));
      }
      v128.store(to, left);
      v128.store(to, right, 16);
      to += 32;
    }
    for (; c < bytes; c += 16) {
      let sum = v128.load(bias + c);
      for (let value = from + c; value < until; value += bytes) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(value), v128.load(value + taps)));
      }
      v128.store(to, sum);
      to += 16;
    }
  }
  activate(out, to - out, activation);
}
