/** Dynamic quantization of rows, for products of either module; `kernels/kernels.ts` is the contract. */
import { maxLane, rowBytes } from './rows';

/** Bytes that a quantized value takes in the module that is compiled. */
export const OPERAND_BYTES: usize = ASC_FEATURE_RELAXED_SIMD ? 1 : 2;

const SMALLEST_NORMAL: f32 = 1.1754943508222875e-38;
/**
 * 1.5 * 2^23, and 127: what is added to the first is rounded to an integer, half to even, which stands in the last bits of
 * the sum. In memory as the constants of `exp.ts`.
 */
const CONSTANTS = memory.data<f32>([12582912, 127]);

export function quantizeRows(q: usize, scales: usize, zeros: usize, x: usize, rows: i32, width: i32): void {
  const bytes = rowBytes(width);
  const carrier = v128.load32_splat(CONSTANTS);
  for (let r = 0; r < rows; r++) {
    const end = x + bytes;
    let lows = f32x4.splat(0);
    let highs = f32x4.splat(0);
    for (; x < end; x += 16) {
      const value = v128.load(x);
      lows = f32x4.pmin(lows, value);
      highs = f32x4.pmax(highs, value);
    }
    const low = maxLane(f32x4.neg(lows));
    const scale = (maxLane(highs) + low) / <f32>127;
    const usable = scale >= SMALLEST_NORMAL;
    const inverse = f32x4.splat(usable ? <f32>1 / scale : 0);
    // The sums that stand for 0, as that of NaN does, and for 127.
    const bottom = f32x4.pmin(carrier, f32x4.sub(carrier, f32x4.mul(f32x4.splat(low), inverse)));
    const top = f32x4.add(bottom, v128.load32_splat(CONSTANTS + 4));
    store<f32>(scales, usable ? scale : 0);
    store<i32>(zeros, i32x4.extract_lane(i32x4.sub(carrier, bottom), 0));
    for (x -= bytes; x < end; x += 16) {
      const level = f32x4.add(f32x4.mul(v128.load(x), inverse), carrier);
      const integers = i32x4.sub(f32x4.pmin(top, f32x4.pmax(bottom, level)), bottom);
      const narrow = i16x8.narrow_i32x4_s(integers, integers);
      if (OPERAND_BYTES === 2) v128.store64_lane(q, narrow, 0);
      else v128.store32_lane(q, i8x16.narrow_i16x8_s(narrow, narrow), 0);
      q += OPERAND_BYTES << 2;
    }
    scales += 4;
    zeros += 4;
  }
}
