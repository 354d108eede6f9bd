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

/** The polynomial of {@link geluF32}, the highest coefficient first. */
const GELU = [-0.000012759, 0.000247781, -0.000892896, -0.009421838, -0.024400671, 0.978572084].map(f);

/**
 * x times the normal distribution function Phi, as max(x, 0) - a Phi(-a) with a = |x|, and Phi(-a) as p(a)^32: such a
 * power falls like the exponential that it stands for. `scripts/fit-gelu.py` found p, the one of degree 5 with the
 * smallest maximum of the error from 0 to 8, relative to min(1, a): 3.6e-7. With the roundings, the error is at most
 * 7.4e-7, and 1.45e-6 |x|, measured at every f32. From 5.4 on the value is x; from -8 down, of -Infinity too, it is
 * -1.2e-15.
 */
function geluF32(x: number): number {
  const a = Math.min(Math.abs(x), 8);
  let p = 0;
  for (const coefficient of GELU) p = f(f(p * a) + coefficient);
  for (let i = 0; i < 5; i++) p = f(p * p);
  return f((x > 0 ? x : 0) - f(a * p));
}

/** Applies the activation with this code (`ACTIVATION_CODES`). */
export function activateF32(x: number, code: number): number {
  if (code === 0) return x;
  if (code === 1) return x > 0 ? x : 0;
  if (code === 2) return geluF32(x);
  return f(x * sigmoidF32(x));
}
