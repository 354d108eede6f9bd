/**
 * Activations in f32, four values at a time; `kernels/float.ts` is the scalar reference with the same roundings. `pmin`
 * and `pmax` are an instruction each on x86, where `min` and `max` are seven; their order says what becomes of NaN.
 */
import { exp4 } from './exp';

/** 1 / sqrt(2), the coefficients of the error function, 1, 1/2 and the bit of the sign; in memory as those of `exp.ts`. */
const CONSTANTS = memory.data<f32>([
  <f32>Math.SQRT1_2,
  0.3275911,
  1.0614054,
  -1.453152,
  1.4214138,
  -0.28449672,
  0.2548296,
  1,
  0.5,
  -0.0,
]);

/** Applies an activation to whole registers in place: 0 none, 1 ReLU, 2 GELU, 3 SiLU. */
export function activate(at: usize, bytes: usize, code: i32): void {
  if (code === 0) return;
  for (const end = at + bytes; at < end; at += 16) {
    const x = v128.load(at);
    if (code === 1) {
      v128.store(at, f32x4.pmax(f32x4.splat(0), x));
      continue;
    }
    const one = v128.load32_splat(CONSTANTS + 28);
    const h = f32x4.mul(x, v128.load32_splat(CONSTANTS));
    const bit = v128.load32_splat(CONSTANTS + 36);
    const e = exp4(v128.xor(bit, code === 2 ? f32x4.mul(h, h) : x));
    if (code === 3) {
      v128.store(at, f32x4.mul(x, f32x4.div(one, f32x4.add(one, e))));
      continue;
    }
    const sign = v128.and(h, bit);
    const t = f32x4.div(one, f32x4.add(one, f32x4.mul(v128.load32_splat(CONSTANTS + 4), v128.xor(h, sign))));
    let p = v128.load32_splat(CONSTANTS + 8);
    p = f32x4.add(f32x4.mul(p, t), v128.load32_splat(CONSTANTS + 12));
    p = f32x4.add(f32x4.mul(p, t), v128.load32_splat(CONSTANTS + 16));
    p = f32x4.add(f32x4.mul(p, t), v128.load32_splat(CONSTANTS + 20));
    p = f32x4.add(f32x4.mul(p, t), v128.load32_splat(CONSTANTS + 24));
    const y = f32x4.sub(one, f32x4.mul(f32x4.mul(p, t), e));
    const erf = v128.xor(y, sign);
    v128.store(at, f32x4.mul(f32x4.mul(v128.load32_splat(CONSTANTS + 32), x), f32x4.add(one, erf)));
  }
}
