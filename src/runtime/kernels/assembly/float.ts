/**
 * Activations in f32, four values at a time; `kernels/float.ts` is the scalar reference with the same roundings. `pmin`
 * and `pmax` are an instruction each on x86, where `min` and `max` are seven; their order says what becomes of NaN.
 */
import { exp4 } from './exp';

/** Applies an activation to four values: 0 none, 1 ReLU, 2 GELU, 3 SiLU. */
export function activate4(x: v128, code: i32): v128 {
  if (code === 0) return x;
  if (code === 1) return f32x4.pmax(f32x4.splat(0), x);
  const one = f32x4.splat(1);
  const h = f32x4.mul(x, f32x4.splat(<f32>Math.SQRT1_2));
  const e = exp4(f32x4.neg(code === 2 ? f32x4.mul(h, h) : x));
  if (code === 3) return f32x4.mul(x, f32x4.div(one, f32x4.add(one, e)));
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(f32x4.splat(0.3275911), f32x4.abs(h))));
  let p = f32x4.splat(1.0614054);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-1.453152));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.4214138));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.28449672));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.2548296));
  const y = f32x4.sub(one, f32x4.mul(f32x4.mul(p, t), e));
  const erf = v128.xor(y, v128.and(h, i32x4.splat(i32.MIN_VALUE)));
  return f32x4.mul(f32x4.mul(f32x4.splat(0.5), x), f32x4.add(one, erf));
}
