/** Dynamic quantization of rows, for products of either module; `kernels/kernels.ts` is the contract. */
import { maxLane, rowBytes } from './rows';

/** Bytes that a quantized value takes in the module that is compiled. */
export const OPERAND_BYTES: usize = ASC_FEATURE_RELAXED_SIMD ? 1 : 2;

const SMALLEST_NORMAL: f32 = 1.1754943508222875e-38;
/**
 * 2^23, and the same + 127: an integer of 0 to 127 that is added to it stands in the last bits of the sum. In memory as
 * the constants of `float.ts`.
 */
const CARRIERS = memory.data<f32>([8388608, 8388735]);

export function quantizeRows(q: usize, scales: usize, zeros: usize, x: usize, rows: i32, width: i32): void {
  const bytes = rowBytes(width);
  quantize(q, scales, zeros, x, bytes, rows, bytes);
}

/** {@link quantizeRows} of rows of whole registers, `stride` bytes apart. */
export function quantize(
  q: usize,
  scales: usize,
  zeros: usize,
  x: usize,
  stride: usize,
  rows: i32,
  bytes: usize,
): void {
  for (let r = 0; r < rows; r++) {
    let lows = f32x4.splat(0);
    let highs = f32x4.splat(0);
    for (let c: usize = 0; c < bytes; c += 16) {
      const value = v128.load(x + c);
      lows = f32x4.pmax(lows, f32x4.neg(value));
      highs = f32x4.pmax(highs, value);
    }
    const low = maxLane(lows);
    const scale = (maxLane(highs) + low) / <f32>127;
    const usable = scale >= SMALLEST_NORMAL;
    const inverse: f32 = usable ? <f32>1 / scale : 0;
    const shift = carry(f32x4.nearest(f32x4.splat(low * inverse)), v128.load32_splat(CARRIERS));
    store<f32>(scales, usable ? scale : 0);
    store<i32>(zeros, i32x4.extract_lane(carried(shift), 0));
    for (let c: usize = 0; c < bytes; c += 16) {
      const level = f32x4.nearest(f32x4.mul(v128.load(x + c), f32x4.splat(inverse)));
      const integers = carried(carry(level, shift));
      const narrow = i16x8.narrow_i32x4_s(integers, integers);
      if (OPERAND_BYTES === 2) v128.store64_lane(q, narrow, 0);
      else v128.store32_lane(q, i8x16.narrow_i16x8_s(narrow, narrow), 0);
      q += OPERAND_BYTES << 2;
    }
    x += stride;
    scales += 4;
    zeros += 4;
  }
}

/** `level + shift`, clamped to 0..127 with NaN as 0, where `shift` and the sum carry 2^23. */
function carry(level: v128, shift: v128): v128 {
  const clamped = f32x4.pmax(v128.load32_splat(CARRIERS), f32x4.add(level, shift));
  return f32x4.pmin(v128.load32_splat(CARRIERS + 4), clamped);
}

/** The integers that 2^23 carries. */
function carried(x: v128): v128 {
  return i32x4.sub(x, v128.load32_splat(CARRIERS));
}
