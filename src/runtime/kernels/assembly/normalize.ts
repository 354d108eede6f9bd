/** Layer normalization and depthwise convolution in f32; `kernels/kernels.ts` is the contract. */
import { activate } from './float';
import { laneSum, rowBytes, store2 } from './rows';

export function layerNorm(out: usize, x: usize, weight: usize, bias: usize, rows: i32, width: i32, epsilon: f32): void {
  const bytes = rowBytes(width);
  for (let r = 0; r < rows; r++) {
    const mean = laneSum(x, width, 0, false) / <f32>width;
    const variance = laneSum(x, width, mean, true) / <f32>width;
    const shift = f32x4.splat(mean);
    const inverse = f32x4.splat(<f32>1 / sqrt<f32>(variance + epsilon));
    for (let c: usize = 0; c < bytes; c += 16) {
      const normalized = f32x4.mul(f32x4.sub(v128.load(x + c), shift), inverse);
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
  const half = kernelSize >> 1;
  const bytes = rowBytes(width);
  let to = out;
  for (let t = 0; t < rows; t++) {
    const first = max(0, half - t);
    const last = min(kernelSize, rows + half - t);
    const taps = w + <usize>first * bytes;
    const values = x + <usize>(t + first - half) * bytes;
    for (let c: usize = 0; c < bytes; c += 32) {
      const next = min<usize>(16, bytes - c - 16);
      let left = v128.load(bias + c);
      let right = v128.load(bias + c + next);
      let tap = taps + c;
      let value = values + c;
      for (let k = first; k < last; k++) {
        left = f32x4.add(left, f32x4.mul(v128.load(value), v128.load(tap)));
        right = f32x4.add(right, f32x4.mul(v128.load(value + next), v128.load(tap + next)));
        tap += bytes;
        value += bytes;
      }
      store2(to + c, next, left, right);
    }
    to += bytes;
  }
  activate(out, to - out, activation);
}
