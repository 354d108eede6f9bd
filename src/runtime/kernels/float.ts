/**
 * Elementary functions in f32 with every rounding written out, so that scalar TypeScript and WebAssembly agree bit for
 * bit on every engine (`Math.exp` differs between engines).
 */

const f = Math.fround;

export const LOG2_E: number = f(Math.LOG2E);
/** ln 2 in two parts: the first has so few bits that its product with an exponent is exact (Cody & Waite 1980). */
const LN2_HIGH = f(0.693359375);
const LN2_LOW = f(-2.1219444e-4);
/** Beyond these the result is 0 or infinite in f32. */
const EXP_MIN = f(-87);
const EXP_MAX = f(88);

/** 2^n for n = -126..127, by exact doubling. */
const POWERS_OF_TWO = powersOfTwo();

function powersOfTwo(): Float32Array {
  const powers = new Float32Array(254);
  powers[0] = 2 ** -126;
  for (let i = 1; i < powers.length; i++) powers[i] = powers[i - 1] * 2;
  return powers;
}

/** Rounds to the nearest integer, half to even; exact for |x| < 2^51. */
export function rint(x: number): number {
  return x + 6755399441055744 - 6755399441055744;
}

/** e^x: `2^n * p(r)` with `n = rint(x log2 e)` and the Taylor polynomial p of degree 6; relative error below 3e-7. */
export function expF32(x: number): number {
  const clamped = Math.min(Math.max(x, EXP_MIN), EXP_MAX);
  if (Number.isNaN(clamped)) return Number.NaN;
  const n = rint(f(clamped * LOG2_E));
  const r = f(f(clamped - f(n * LN2_HIGH)) - f(n * LN2_LOW));
  let p = f(1 / 720);
  p = f(f(p * r) + f(1 / 120));
  p = f(f(p * r) + f(1 / 24));
  p = f(f(p * r) + f(1 / 6));
  p = f(f(p * r) + 0.5);
  p = f(f(p * r) + 1);
  p = f(f(p * r) + 1);
  return f(p * POWERS_OF_TWO[n + 126]);
}

/**
 * `127 * 2^x` for x <= 0, rounded to an integer, 0 for NaN: `2^n * p(x - n)` with `n = rint(x)` and the polynomial of
 * degree 3 with `p(0) = 127` whose relative error on -1/2..1/2 is least, 1.1e-4.
 */
export function powerLevel(x: number): number {
  const power = Math.max(x, -16);
  const n = rint(power);
  const r = f(power - n);
  let p = f(6.9861403);
  p = f(f(p * r) + f(30.760811));
  p = f(f(p * r) + f(88.046933));
  p = f(f(p * r) + 127);
  return rint(f(p * POWERS_OF_TWO[n + 126])) || 0;
}

/** Logistic function, 1 / (1 + e^-x). */
export function sigmoidF32(x: number): number {
  return f(1 / f(1 + expF32(f(-x))));
}

/** Error function after Abramowitz & Stegun 7.1.26; absolute error below 5e-7 in f32. */
function erfF32(x: number): number {
  const a = Math.abs(x);
  const t = f(1 / f(1 + f(f(0.3275911) * a)));
  let p = f(1.0614054);
  p = f(f(p * t) + f(-1.453152));
  p = f(f(p * t) + f(1.4214138));
  p = f(f(p * t) + f(-0.28449672));
  p = f(f(p * t) + f(0.2548296));
  const tail = f(f(p * t) * expF32(f(-f(a * a))));
  const y = f(1 - tail);
  return x < 0 ? f(-y) : y;
}

/** Applies the activation with this code (`ACTIVATION_CODES`). */
export function activateF32(x: number, code: number): number {
  if (code === 0) return x;
  if (code === 1) return x > 0 ? x : 0;
  if (code === 2) return f(f(0.5 * x) * f(1 + erfF32(f(x * f(Math.SQRT1_2)))));
  return f(x * sigmoidF32(x));
}
