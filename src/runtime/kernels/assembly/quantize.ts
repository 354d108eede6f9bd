/** Dynamic quantization of rows, for products of either module; `kernels/kernels.ts` is the contract. */
import { maxLane, rowBytes } from './rows';

/** Bytes that a quantized value takes in the module that is compiled. */
export const OPERAND_BYTES: usize = ASC_FEATURE_RELAXED_SIMD ? 1 : 2;

const SMALLEST_NORMAL: f32 = 1.1754943508222875e-38;
/**
 * 1.5 x 2^23, and 127: what is added to the first is rounded to an integer, half to even, which stands in the last bits
 * of the sum. In memory as the constants of `float.ts`.
 */
const CONSTANTS = memory.data<f32>([12582912, 127]);

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
  // Both halves of a row at once, so that no maximum waits for the one before it; a register in the middle is in both.
  const half = ((bytes + 16) >> 1) & ~15;
  const rest = bytes - half;
  const restQ = (rest >> 2) * OPERAND_BYTES;
  const carrier = v128.load32_splat(CONSTANTS);
  for (let r = 0; r < rows; r++) {
    const middle = x + half;
    let lows = f32x4.splat(0);
    let highs = f32x4.splat(0);
    let restLows = f32x4.splat(0);
    let restHighs = f32x4.splat(0);
    for (; x < middle; x += 16) {
      const value = v128.load(x);
      lows = f32x4.pmin(lows, value);
      highs = f32x4.pmax(highs, value);
      const other = v128.load(x + rest);
      restLows = f32x4.pmin(restLows, other);
      restHighs = f32x4.pmax(restHighs, other);
    }
    const low = maxLane(f32x4.neg(f32x4.pmin(lows, restLows)));
    const scale = (maxLane(f32x4.pmax(highs, restHighs)) + low) / <f32>127;
    const usable = scale >= SMALLEST_NORMAL;
    const inverse = f32x4.splat(usable ? <f32>1 / scale : 0);
    // The sums that stand for 0, as that of NaN does, and for 127.
    const bottom = f32x4.pmin(carrier, f32x4.sub(carrier, f32x4.mul(f32x4.splat(low), inverse)));
    const top = f32x4.add(bottom, v128.load32_splat(CONSTANTS + 4));
    store<f32>(scales, usable ? scale : 0);
    store<i32>(zeros, i32x4.extract_lane(i32x4.sub(carrier, bottom), 0));
    for (x -= half; x < middle; x += 16) {
      const level = f32x4.add(f32x4.mul(v128.load(x), inverse), carrier);
      const other = f32x4.add(f32x4.mul(v128.load(x + rest), inverse), carrier);
      const narrow = i16x8.narrow_i32x4_s(
        i32x4.sub(f32x4.pmin(top, f32x4.pmax(bottom, level)), bottom),
        i32x4.sub(f32x4.pmin(top, f32x4.pmax(bottom, other)), bottom),
      );
      if (OPERAND_BYTES === 2) {
        v128.store64_lane(q, narrow, 0);
        v128.store64_lane(q + restQ, narrow, 1);
      } else {
        const narrower = i8x16.narrow_i16x8_s(narrow, narrow);
        v128.store32_lane(q, narrower, 0);
        v128.store32_lane(q + restQ, narrower, 1);
      }
      q += OPERAND_BYTES << 2;
    }
    x += stride - half;
    q += restQ;
    scales += 4;
    zeros += 4;
  }
}
