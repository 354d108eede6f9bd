/**
 * Dropout whose mask is a function of a seed and the place of a number, so that the gradient drops the same ones and
 * no mask is kept. The hash is C. Wellons' lowbias32 (https://nullprogram.com/blog/2018/07/31/), four at a time.
 */
import { loadPart, storePart } from './rows';

function hash4(x: v128): v128 {
  let h = v128.xor(x, i32x4.shr_u(x, 16));
  h = i32x4.mul(h, i32x4.splat(0x7feb352d));
  h = v128.xor(h, i32x4.shr_u(h, 15));
  h = i32x4.mul(h, i32x4.splat(<i32>0x846ca68b));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

/** Writes `count` numbers of `x`, 0 with probability `rate` and else times `1 / (1 - rate)`; `index` is the first place. */
export function dropRun(y: usize, x: usize, index: i32, count: i32, rate: f32, seed: i32): void {
  const start = i32x4.extract_lane(hash4(i32x4.splat(seed)), 0);
  const factor = f32x4.splat(<f32>1 / (<f32>1 - rate));
  // The upper 24 bits as a number in [0, 1): exact in f32.
  const unit = f32x4.splat(<f32>(1.0 / 16777216.0));
  for (let i = 0; i < count; i += 4) {
    const offset = (<usize>i) << 2;
    const places = i32x4.add(i32x4.splat(start + index + i), i32x4(0, 1, 2, 3));
    const draw = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(hash4(places), 8)), unit);
    const kept = f32x4.ge(draw, f32x4.splat(rate));
    storePart(y + offset, v128.and(f32x4.mul(loadPart(x + offset, count - i), factor), kept), count - i);
  }
}
