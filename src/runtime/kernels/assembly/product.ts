/**
 * Dynamic quantization of rows and the int8 product; `kernels/kernels.ts` is the contract. The product works on tiles
 * of 4 rows by 8 outputs: for each pair of inputs, two registers of weights meet one splat pair of activations a row,
 * so that no horizontal sum is needed inside the loop.
 */
import { activate4 } from './float';
import { loadPart, maxLane, storePart } from './rows';

const SMALLEST_NORMAL: f32 = 1.1754943508222875e-38;

function clampQ(x: f32): i32 {
  return <i32>i32x4.extract_lane(i32x4.trunc_sat_f32x4_s(f32x4.splat(min<f32>(max<f32>(x, 0), 127))), 0);
}

export function quantizeRows(q: usize, scales: usize, zeros: usize, x: usize, rows: i32, width: i32): void {
  const stride = width + (width & 1);
  for (let r = 0; r < rows; r++) {
    const from = x + ((<usize>(r * width)) << 2);
    const to = q + ((<usize>(r * stride)) << 1);
    let lows = f32x4.splat(0);
    let highs = f32x4.splat(0);
    for (let k = 0; k < width; k += 4) {
      const value = loadPart(from + ((<usize>k) << 2), width - k);
      lows = f32x4.min(lows, value);
      highs = f32x4.max(highs, value);
    }
    const low = min<f32>(
      min<f32>(f32x4.extract_lane(lows, 0), f32x4.extract_lane(lows, 1)),
      min<f32>(f32x4.extract_lane(lows, 2), f32x4.extract_lane(lows, 3)),
    );
    const high = maxLane(highs);
    const scale = (high - low) / <f32>127;
    const usable = scale >= SMALLEST_NORMAL;
    const inverse: f32 = usable ? <f32>1 / scale : 0;
    const zero = usable ? clampQ(nearest<f32>(-low * inverse)) : 0;
    store<f32>(scales + ((<usize>r) << 2), usable ? scale : 0);
    store<i32>(zeros + ((<usize>r) << 2), zero);
    quantizeRow(to, from, width, inverse, <f32>zero, usable);
    if (stride > width) store<i16>(to + ((<usize>width) << 1), 0);
  }
}

function quantizeRow(to: usize, from: usize, width: i32, inverse: f32, zero: f32, usable: bool): void {
  const factor = f32x4.splat(inverse);
  const shift = f32x4.splat(zero);
  for (let k = 0; k < width; k += 4) {
    const rounded = f32x4.nearest(f32x4.mul(loadPart(from + ((<usize>k) << 2), width - k), factor));
    const clamped = f32x4.min(f32x4.max(f32x4.add(rounded, shift), f32x4.splat(0)), f32x4.splat(127));
    const integers = usable ? i32x4.trunc_sat_f32x4_s(clamped) : i32x4.splat(0);
    const narrow = i16x8.narrow_i32x4_s(integers, integers);
    const address = to + ((<usize>k) << 1);
    if (width - k >= 4) v128.store64_lane(address, narrow, 0);
    else {
      store<i16>(address, <i16>i16x8.extract_lane_s(narrow, 0));
      if (width - k > 1) store<i16>(address, <i16>i16x8.extract_lane_s(narrow, 1), 2);
      if (width - k > 2) store<i16>(address, <i16>i16x8.extract_lane_s(narrow, 2), 4);
    }
  }
}

/** Requantizes, adds the bias, activates and stores up to four outputs of one row. */
function finish(
  at: usize,
  sum: v128,
  scale: v128,
  zero: v128,
  sums: usize,
  weightScales: usize,
  bias: usize,
  count: i32,
  activation: i32,
): void {
  if (count <= 0) return;
  const integer = i32x4.sub(sum, i32x4.mul(zero, loadPart(sums, count)));
  const factor = f32x4.mul(scale, loadPart(weightScales, count));
  const value = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(integer), factor), loadPart(bias, count));
  storePart(at, activate4(value, activation), count);
}

export function matmulInt8(
  out: usize,
  q: usize,
  scales: usize,
  zeros: usize,
  w: usize,
  sums: usize,
  weightScales: usize,
  bias: usize,
  rows: i32,
  inputSize: i32,
  outputSize: i32,
  activation: i32,
): void {
  const stride = inputSize + (inputSize & 1);
  const rowBytes = (<usize>stride) << 1;
  const blockBytes = (<usize>stride) << 4;
  let block = w;
  for (let o = 0; o < outputSize; o += 8) {
    const column = (<usize>o) << 2;
    const left = outputSize - o;
    for (let r = 0; r < rows; r += 4) {
      const q0 = q + <usize>r * rowBytes;
      const q1 = r + 1 < rows ? q0 + rowBytes : q0;
      const q2 = r + 2 < rows ? q1 + rowBytes : q0;
      const q3 = r + 3 < rows ? q2 + rowBytes : q0;
      let a0 = i32x4.splat(0);
      let a1 = i32x4.splat(0);
      let b0 = i32x4.splat(0);
      let b1 = i32x4.splat(0);
      let c0 = i32x4.splat(0);
      let c1 = i32x4.splat(0);
      let d0 = i32x4.splat(0);
      let d1 = i32x4.splat(0);
      let weights = block;
      for (let k: usize = 0; k < rowBytes; k += 4) {
        const w0 = v128.load(weights);
        const w1 = v128.load(weights, 16);
        weights += 32;
        const x0 = v128.load32_splat(q0 + k);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(x0, w0));
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(x0, w1));
        const x1 = v128.load32_splat(q1 + k);
        b0 = i32x4.add(b0, i32x4.dot_i16x8_s(x1, w0));
        b1 = i32x4.add(b1, i32x4.dot_i16x8_s(x1, w1));
        const x2 = v128.load32_splat(q2 + k);
        c0 = i32x4.add(c0, i32x4.dot_i16x8_s(x2, w0));
        c1 = i32x4.add(c1, i32x4.dot_i16x8_s(x2, w1));
        const x3 = v128.load32_splat(q3 + k);
        d0 = i32x4.add(d0, i32x4.dot_i16x8_s(x3, w0));
        d1 = i32x4.add(d1, i32x4.dot_i16x8_s(x3, w1));
      }
      for (let i = 0; i < min(4, rows - r); i++) {
        const s0 = i === 0 ? a0 : i === 1 ? b0 : i === 2 ? c0 : d0;
        const s1 = i === 0 ? a1 : i === 1 ? b1 : i === 2 ? c1 : d1;
        const row = <usize>(r + i);
        const scale = v128.load32_splat(scales + (row << 2));
        const zero = v128.load32_splat(zeros + (row << 2));
        const at = out + ((row * <usize>outputSize) << 2) + column;
        finish(at, s0, scale, zero, sums + column, weightScales + column, bias + column, left, activation);
        const next = column + 16;
        finish(at + 16, s1, scale, zero, sums + next, weightScales + next, bias + next, left - 4, activation);
      }
    }
    block += blockBytes;
  }
}
