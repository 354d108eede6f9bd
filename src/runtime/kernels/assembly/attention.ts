/**
 * Attention in int8; `kernels/kernels.ts` is the contract. The keys of a head become packed weights of one output a key,
 * its values packed weights of one output a channel; then, four queries at a time, the scores are one product and the
 * outputs another.
 */
import { dot, multiply } from './product';
import { OPERAND_BYTES, quantize } from './quantize';
import { maxLane, rowBytes } from './rows';

/**
 * 1.5 x 2^23, to which a number is added to be rounded, and 2^23, in the last bits of whose sums integers stand; 1; the
 * lowest exponent, and 127 x 2^x as a polynomial. In memory as the constants of `float.ts`.
 */
const CONSTANTS = memory.data<f32>([12582912, 8388608, 1, -16, 6.9861403, 30.760811, 88.046933, 127]);

/** Packs quantized rows of `bytes`, without their zero points, as weights of an output each. */
function pack(w: usize, sums: usize, q: usize, zeros: usize, rows: i32, bytes: usize): void {
  const ones = OPERAND_BYTES === 2 ? i16x8.splat(1) : i8x16.splat(1);
  for (let r: usize = 0; r < <usize>rows; r++) {
    const zero = OPERAND_BYTES === 2 ? v128.load16_splat(zeros) : v128.load8_splat(zeros);
    let to = w + (r >> 3) * (bytes << 3) + ((r & 7) << 2);
    let sum = i32x4.splat(0);
    for (const end = q + bytes; q < end; q += 4) {
      const group = v128.load32_splat(q);
      const weights = OPERAND_BYTES === 2 ? i16x8.sub(group, zero) : i8x16.sub(group, zero);
      sum = dot(weights, ones, sum);
      v128.store32_lane(to, weights, 0);
      to += 32;
    }
    store<i32>(sums, i32x4.extract_lane(sum, 0));
    zeros += 4;
    sums += 4;
  }
}

/** Copies rows as columns; the last row fills them up to a whole register. */
function transpose(to: usize, x: usize, stride: usize, rows: i32, bytes: usize): void {
  const columnBytes = rowBytes(rows);
  for (const end = to + columnBytes; to < end; to += 4) {
    let at = to;
    for (let c: usize = 0; c < bytes; c += 4) {
      store<f32>(at, load<f32>(x + c));
      at += columnBytes;
    }
    if (--rows > 0) x += stride;
  }
}

/** `127 * 2^x` for x <= 0, NaN of NaN. */
export function power4(x: v128): v128 {
  const power = f32x4.pmax(x, v128.load32_splat(CONSTANTS + 12));
  const rounded = f32x4.add(power, v128.load32_splat(CONSTANTS));
  const r = f32x4.sub(power, f32x4.sub(rounded, v128.load32_splat(CONSTANTS)));
  let p = v128.load32_splat(CONSTANTS + 16);
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(CONSTANTS + 20));
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(CONSTANTS + 24));
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(CONSTANTS + 28));
  return f32x4.mul(p, i32x4.add(i32x4.shl(rounded, 23), v128.load32_splat(CONSTANTS + 8)));
}

/** Integers of 0 to 127, and 0 for NaN. */
export function round4(x: v128): v128 {
  const carrier = v128.load32_splat(CONSTANTS + 4);
  return i32x4.sub(f32x4.pmax(carrier, f32x4.add(x, carrier)), carrier);
}

/** Quantizes `127 * 2^(x - max(x))` of a row, and returns the sum. */
function weigh(q: usize, x: usize, bytes: usize): i32 {
  let largest = f32x4.splat(-Infinity);
  for (let at: usize = 0; at < bytes; at += 16) largest = f32x4.pmax(largest, v128.load(x + at));
  const shift = f32x4.splat(maxLane(largest));
  let sum = i32x4.splat(0);
  for (const end = x + bytes; x < end; x += 16) {
    const integers = round4(power4(f32x4.sub(v128.load(x), shift)));
    sum = i32x4.add(sum, integers);
    const narrow = i16x8.narrow_i32x4_s(integers, integers);
    if (OPERAND_BYTES === 2) v128.store64_lane(q, narrow, 0);
    else v128.store32_lane(q, i8x16.narrow_i16x8_s(narrow, narrow), 0);
    q += OPERAND_BYTES << 2;
  }
  sum = i32x4.add(sum, v128.shuffle<i64>(sum, sum, 1, 0));
  return i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1);
}

export function attention(
  out: usize,
  q: usize,
  k: usize,
  v: usize,
  scratch: usize,
  queries: i32,
  count: i32,
  heads: i32,
  size: i32,
  stride: i32,
  scale: f32,
): void {
  const rowStride = (<usize>stride) << 2;
  const headBytes = rowBytes(size);
  const width = <i32>(headBytes >> 2);
  const scoreBytes = rowBytes(count);
  const outBytes = <usize>heads * headBytes;
  const queryBytes = (headBytes >> 2) * OPERAND_BYTES;
  const weightBytes = (scoreBytes >> 2) * OPERAND_BYTES;
  const longest = max(headBytes, scoreBytes);
  const values = scratch + <usize>((count + 7) & ~7) * queryBytes;
  const sums = values + <usize>((size + 7) & ~7) * weightBytes;
  const keyScales = sums + longest;
  const valueScales = keyScales + scoreBytes;
  const rowScales = valueScales + headBytes;
  const points = rowScales + 16;
  const nothing = points + longest;
  const mask = nothing + headBytes;
  const scores = mask + scoreBytes;
  const operands = scores + 4 * scoreBytes;
  // Rows that are quantized are shorter than before, and four rows behind: none is written where one is still to be read.
  const columns = operands + 4 * scoreBytes;
  memory.fill(nothing, 0, headBytes + scoreBytes);
  for (let t = (<usize>count) << 2; t < scoreBytes; t += 4) store<f32>(mask + t, -Infinity);
  for (let h: usize = 0; h < outBytes; h += headBytes) {
    transpose(columns, v + h, rowStride, count, headBytes);
    quantize(operands, valueScales, points, columns, scoreBytes, width, scoreBytes);
    pack(values, sums, operands, points, width, weightBytes);
    quantize(operands, keyScales, points, k + h, rowStride, count, headBytes);
    pack(scratch, sums, operands, points, count, queryBytes);
    let query = q + h;
    let to = out + h;
    for (let r = 0; r < queries; r += 4) {
      const rows = min(4, queries - r);
      quantize(operands, rowScales, points, query, rowStride, rows, headBytes);
      v128.store(rowScales, f32x4.mul(v128.load(rowScales), f32x4.splat(scale * <f32>Math.LOG2E)));
      multiply(
        scores,
        scoreBytes,
        operands,
        queryBytes,
        rowScales,
        points,
        scratch,
        sums,
        keyScales,
        mask,
        rows,
        scoreBytes,
      );
      for (let i: usize = 0; i < <usize>rows; i++) {
        const total = weigh(operands + i * weightBytes, scores + i * scoreBytes, scoreBytes);
        store<f32>(rowScales + (i << 2), total > 0 ? <f32>1 / <f32>total : 0);
      }
      multiply(
        to,
        outBytes,
        operands,
        weightBytes,
        rowScales,
        nothing,
        values,
        nothing,
        valueScales,
        nothing,
        rows,
        headBytes,
      );
      query += 4 * rowStride;
      to += 4 * outBytes;
    }
  }
}
