/**
 * Attention in int8; `kernels/kernels.ts` is the contract. The keys of a head become packed weights of one output a key,
 * its values packed weights of one output a channel; then, four queries at a time, the scores are a product of the module
 * that is compiled, and so are the outputs.
 */
import { multiply } from './product';
import { OPERAND_BYTES, quantize } from './quantize';
import { maxLane, rowBytes } from './rows';

/**
 * Numbers that stand for integers: one of -127 to 127 that is added to 1.5 x 2^23 is rounded, and stands in the last bits
 * of the sum; the same - 127; 2^23, the same for 0 to 127. The smallest normal number and 1. The lowest exponent, and
 * 127 x 2^x as a polynomial. In memory as the constants of `exp.ts`.
 */
const CONSTANTS = memory.data<f32>([
  12582912, 12582785, 8388608, 1.1754943508222875e-38, 1, -16, 6.9861403, 30.760811, 88.046933, 127,
]);

/** `largest / 127`. */
function scaleOf(largest: v128): v128 {
  return f32x4.div(largest, v128.load32_splat(CONSTANTS + 36));
}

/** `1 / scale`, 0 where that is below the smallest normal number. */
function inverseOf(scale: v128): v128 {
  return v128.and(
    f32x4.div(v128.load32_splat(CONSTANTS + 16), scale),
    f32x4.ge(scale, v128.load32_splat(CONSTANTS + 12)),
  );
}

/** `x * inverse`, of -127 to 127, rounded to integers; -127 for NaN. */
function levels(x: v128, inverse: v128): v128 {
  const carrier = v128.load32_splat(CONSTANTS);
  const level = f32x4.add(f32x4.mul(x, inverse), carrier);
  return i32x4.sub(f32x4.pmax(v128.load32_splat(CONSTANTS + 4), level), carrier);
}

/** Packs rows as weights, each the one of an output; its scale is multiplied by `scale`. */
function packRows(
  w: usize,
  sums: usize,
  scales: usize,
  x: usize,
  stride: usize,
  rows: i32,
  bytes: usize,
  scale: f32,
): void {
  const blockBytes = (bytes * OPERAND_BYTES) << 1;
  for (let r: usize = 0; r < <usize>rows; r++) {
    let largest = f32x4.splat(0);
    for (let c: usize = 0; c < bytes; c += 16) largest = f32x4.pmax(largest, f32x4.abs(v128.load(x + c)));
    const own = scaleOf(f32x4.splat(maxLane(largest)));
    const inverse = inverseOf(own);
    let to = w + (r >> 3) * blockBytes + ((r & 7) << 2);
    let sum = i32x4.splat(0);
    for (let c: usize = 0; c < bytes; c += 16) {
      const integers = levels(v128.load(x + c), inverse);
      sum = i32x4.add(sum, integers);
      const narrow = i16x8.narrow_i32x4_s(integers, integers);
      if (OPERAND_BYTES === 2) {
        v128.store32_lane(to, narrow, 0);
        v128.store32_lane(to, narrow, 1, 32);
        to += 64;
      } else {
        v128.store32_lane(to, i8x16.narrow_i16x8_s(narrow, narrow), 0);
        to += 32;
      }
    }
    store<f32>(scales, f32x4.extract_lane(own, 0) * scale);
    sum = i32x4.add(sum, v128.shuffle<i64>(sum, sum, 1, 0));
    store<i32>(sums, i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1));
    x += stride;
    scales += 4;
    sums += 4;
  }
}

/** Copies rows as columns, zeros up to a whole register of rows. */
function transpose(to: usize, x: usize, stride: usize, rows: i32, bytes: usize): void {
  const columnBytes = rowBytes(rows);
  memory.fill(to, 0, (bytes >> 2) * columnBytes);
  for (let r = 0; r < rows; r++) {
    let at = to;
    for (let c: usize = 0; c < bytes; c += 4) {
      store<f32>(at, load<f32>(x + c));
      at += columnBytes;
    }
    to += 4;
    x += stride;
  }
}

/** Quantizes `127 * 2^(x - max(x))` of a row, and returns the sum. */
function weigh(q: usize, x: usize, bytes: usize): i32 {
  let largest = f32x4.splat(-Infinity);
  for (let at: usize = 0; at < bytes; at += 16) largest = f32x4.pmax(largest, v128.load(x + at));
  const shift = f32x4.splat(maxLane(largest));
  let sum = i32x4.splat(0);
  for (const end = x + bytes; x < end; x += 16) {
    const power = f32x4.pmax(f32x4.sub(v128.load(x), shift), v128.load32_splat(CONSTANTS + 20));
    const rounded = f32x4.add(power, v128.load32_splat(CONSTANTS));
    const r = f32x4.sub(power, f32x4.sub(rounded, v128.load32_splat(CONSTANTS)));
    let p = v128.load32_splat(CONSTANTS + 24);
    p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(CONSTANTS + 28));
    p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(CONSTANTS + 32));
    p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(CONSTANTS + 36));
    p = f32x4.mul(p, i32x4.add(i32x4.shl(rounded, 23), v128.load32_splat(CONSTANTS + 16)));
    const carrier = v128.load32_splat(CONSTANTS + 8);
    const integers = i32x4.sub(f32x4.pmax(carrier, f32x4.add(p, carrier)), carrier);
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
  const scoreBytes = rowBytes(count);
  const outBytes = <usize>heads * headBytes;
  const queryBytes = (headBytes >> 2) * OPERAND_BYTES;
  const weightBytes = (scoreBytes >> 2) * OPERAND_BYTES;
  const values = scratch + <usize>((count + 7) & ~7) * queryBytes;
  const keySums = values + <usize>((size + 7) & ~7) * weightBytes;
  const keyScales = keySums + max(headBytes, scoreBytes);
  const valueScales = keyScales + scoreBytes;
  const scales = valueScales + headBytes;
  const points = scales + 16;
  const nothing = points + 16;
  const mask = nothing + headBytes;
  const scores = mask + scoreBytes;
  const operands = scores + 4 * scoreBytes;
  const columns = operands + (max(headBytes, scoreBytes) << 1);
  memory.fill(nothing, 0, headBytes + scoreBytes);
  for (let t = (<usize>count) << 2; t < scoreBytes; t += 4) store<f32>(mask + t, -Infinity);
  for (let h: usize = 0; h < outBytes; h += headBytes) {
    transpose(columns, v + h, rowStride, count, headBytes);
    packRows(values, keySums, valueScales, columns, scoreBytes, size, scoreBytes, 1);
    packRows(scratch, keySums, keyScales, k + h, rowStride, count, headBytes, scale * <f32>Math.LOG2E);
    let query = q + h;
    let to = out + h;
    for (let r = 0; r < queries; r += 4) {
      const rows = min(4, queries - r);
      quantize(operands, scales, points, query, rowStride, rows, headBytes);
      multiply(
        scores,
        scoreBytes,
        operands,
        queryBytes,
        scales,
        points,
        scratch,
        keySums,
        keyScales,
        mask,
        rows,
        scoreBytes,
      );
      for (let i: usize = 0; i < <usize>rows; i++) {
        const total = weigh(operands + i * weightBytes, scores + i * scoreBytes, scoreBytes);
        store<f32>(scales + (i << 2), total > 0 ? <f32>1 / <f32>total : 0);
      }
      multiply(
        to,
        outBytes,
        operands,
        weightBytes,
        scales,
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
