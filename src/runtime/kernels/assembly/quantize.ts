/** Dynamic quantization of rows, for products of either module; `kernels/kernels.ts` is the contract. */
import { maxLane, rowBytes } from './rows';

/** Bytes that a quantized value takes in the module that is compiled. */
export const OPERAND_BYTES: usize = ASC_FEATURE_RELAXED_SIMD ? 1 : 2;

const SMALLEST_NORMAL: f32 = 1.1754943508222875e-38;

export function quantizeRows(q: usize, scales: usize, zeros: usize, x: usize, rows: i32, width: i32): void {
  const bytes = rowBytes(width);
  for (let r = 0; r < rows; r++) {
    let lows = f32x4.splat(0);
    let highs = f32x4.splat(0);
    for (let c: usize = 0; c < bytes; c += 16) {
      const value = v128.load(x + c);
      lows = f32x4.max(lows, f32x4.neg(value));
      highs = f32x4.max(highs, value);
    }
    const low = maxLane(lows);
    const scale = (maxLane(highs) + low) / <f32>127;
    const usable = scale >= SMALLEST_NORMAL;
    const inverse: f32 = usable ? <f32>1 / scale : 0;
    const factor = f32x4.splat(inverse);
    const shift = clamp(f32x4.splat(nearest<f32>(low * inverse)));
    store<f32>(scales, usable ? scale : 0);
    store<i32>(zeros, usable ? i32x4.extract_lane(i32x4.trunc_sat_f32x4_s(shift), 0) : 0);
    for (let c: usize = 0; c < bytes; c += 16) {
      const level = clamp(f32x4.add(f32x4.nearest(f32x4.mul(v128.load(x + c), factor)), shift));
      const integers = usable ? i32x4.trunc_sat_f32x4_s(level) : i32x4.splat(0);
      const narrow = i16x8.narrow_i32x4_s(integers, integers);
      if (OPERAND_BYTES === 2) v128.store64_lane(q, narrow, 0);
      else v128.store32_lane(q, i8x16.narrow_i16x8_s(narrow, narrow), 0);
      q += OPERAND_BYTES << 2;
    }
    x += bytes;
    scales += 4;
    zeros += 4;
  }
}

/** To 0..127. */
function clamp(x: v128): v128 {
  return f32x4.min(f32x4.max(x, f32x4.splat(0)), f32x4.splat(127));
}
