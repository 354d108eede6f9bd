/** Elementary f32 functions, four at a time; `kernels/float.ts` is the scalar reference with the same roundings. */

const LOG2_E: f32 = <f32>Math.LOG2E;
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;
const EXP_MIN: f32 = -87;
const EXP_MAX: f32 = 88;

/** 1.5 x 2^23: what is added to it is rounded to an integer, which stands in the last bits of the sum. */
const ROUNDER: f32 = 12582912;

/** `x` clamped; the lower bound where it is not a number. Unlike `f32x4.min`, its instructions are one each on x86. */
export function clamp4(x: v128, low: f32, high: f32): v128 {
  return f32x4.pmin(f32x4.splat(high), f32x4.pmax(f32x4.splat(low), x));
}

/** e^x */
export function exp4(x: v128): v128 {
  const clamped = clamp4(x, EXP_MIN, EXP_MAX);
  const rounded = f32x4.add(f32x4.mul(clamped, f32x4.splat(LOG2_E)), f32x4.splat(ROUNDER));
  const n = f32x4.sub(rounded, f32x4.splat(ROUNDER));
  const r = f32x4.sub(f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(LN2_HIGH))), f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let p = f32x4.splat(<f32>(1.0 / 720.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>(1.0 / 120.0)));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>(1.0 / 24.0)));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>(1.0 / 6.0)));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(rounded, i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

function erf4(x: v128): v128 {
  const one = f32x4.splat(1);
  const a = f32x4.abs(x);
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(f32x4.splat(0.3275911), a)));
  let p = f32x4.splat(1.0614054);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-1.453152));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.4214138));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.28449672));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.2548296));
  const tail = f32x4.mul(f32x4.mul(p, t), exp4(f32x4.neg(f32x4.mul(a, a))));
  return v128.xor(f32x4.sub(one, tail), v128.and(x, i32x4.splat(i32.MIN_VALUE)));
}

/** Applies an activation to four values: 0 none, 1 ReLU, 2 GELU, 3 SiLU. */
export function activate4(x: v128, code: i32): v128 {
  if (code === 0) return x;
  if (code === 1) return f32x4.pmax(f32x4.splat(0), x);
  const one = f32x4.splat(1);
  if (code === 2) {
    const erf = erf4(f32x4.mul(x, f32x4.splat(<f32>Math.SQRT1_2)));
    return f32x4.mul(f32x4.mul(f32x4.splat(0.5), x), f32x4.add(one, erf));
  }
  return f32x4.mul(x, f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x)))));
}
