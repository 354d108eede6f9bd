/**
 * Elementary functions of four f32 at a time, in one order of roundings on every machine: no fused multiply-add.
 * exp: reduction to [-ln 2 / 2, ln 2 / 2] and Taylor's polynomial of degree 6, relative error below 3e-7.
 */

const LOG2_E: f32 = <f32>Math.LOG2E;
/** ln 2 in two parts: products of the first with small integers are exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;
/** Where the power of two would leave the normal numbers. */
const EXP_MIN: f32 = -87;
const EXP_MAX: f32 = 88;

/** `e ** x`; below -87 the value there, above 88 the value there; NaN stays NaN. */
export function exp4(x: v128): v128 {
  const clamped = f32x4.min(f32x4.max(x, f32x4.splat(EXP_MIN)), f32x4.splat(EXP_MAX));
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(LOG2_E)));
  const r = f32x4.sub(f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(LN2_HIGH))), f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let p = f32x4.splat(<f32>(1.0 / 720.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>(1.0 / 120.0)));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>(1.0 / 24.0)));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>(1.0 / 6.0)));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

/** `1 / (1 + e ** -x)` */
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

/** `e ** (-x * x / 2)`, which the normal distribution and its density share. */
export function gauss4(x: v128): v128 {
  return exp4(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)));
}

/**
 * The normal distribution function, from `gauss4` of the same `x`: Abramowitz & Stegun 7.1.26 for erf, absolute error
 * below 1.5e-7.
 */
export function normalCdf4(x: v128, gauss: v128): v128 {
  const one = f32x4.splat(1);
  const scaled = f32x4.mul(f32x4.abs(x), f32x4.splat(<f32>(0.3275911 * Math.SQRT1_2)));
  const t = f32x4.div(one, f32x4.add(one, scaled));
  let p = f32x4.splat(<f32>(0.5 * 1.061405429));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(<f32>(0.5 * -1.453152027)));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(<f32>(0.5 * 1.421413741)));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(<f32>(0.5 * -0.284496736)));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(<f32>(0.5 * 0.254829592)));
  const tail = f32x4.mul(f32x4.mul(p, t), gauss);
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}
