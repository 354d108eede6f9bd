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

/** 2^n for n = -126..127: an F32 whose exponent alone is not 0. */
const POWERS_OF_TWO = new Float32Array(Int32Array.from({ length: 254 }, (_, i) => (i + 1) << 23).buffer);

/** Rounds to the nearest integer, half to even; exact for |x| < 2^51. */
export function rint(x: number): number {
  return x + 6755399441055744 - 6755399441055744;
}

/** The Taylor polynomial of e^x of degree 5, the highest coefficient first. */
const EXP = [1 / 120, 1 / 24, 1 / 6, 0.5, 1, 1].map(f);
/** The polynomial of GELU; `scripts/fit-gelu.py` found it. */
const GELU = [-0.000012759, 0.000247781, -0.000892896, -0.009421838, -0.024400671, 0.978572084].map(f);
/** 127 x 2^x from -1/2 to 1/2, exact at 0; of this degree the one whose relative error is least, 1.1e-4. */
const LEVEL = [6.9861403, 30.760811, 88.046933, 127].map(f);

/** A polynomial below the term `highest`. */
function horner(coefficients: readonly number[], x: number, highest = 0): number {
  return coefficients.reduce((p, coefficient) => f(f(p * x) + coefficient), highest);
}

/** e^x: `2^n * p(r)` with `n = rint(x log2 e)` and the Taylor polynomial p of degree 6; relative error below 3e-7. */
export function expF32(x: number): number {
  const clamped = Math.min(Math.max(x, EXP_MIN), EXP_MAX);
  const n = rint(f(clamped * LOG2_E));
  const r = f(f(clamped - f(n * LN2_HIGH)) - f(n * LN2_LOW));
  return f(horner(EXP, r, f(1 / 720)) * POWERS_OF_TWO[n + 126]);
}

/** `127 * 2^x` for x <= 0, rounded to an integer; 0 for NaN. */
export function powerLevel(x: number): number {
  const power = Math.max(x, -16);
  const n = rint(power);
  return rint(f(horner(LEVEL, f(power - n)) * POWERS_OF_TWO[n + 126])) || 0;
}

/** `exp` of each score less the largest: {@link expF32} or {@link powerLevel}. */
export function weightsOf(scores: Float32Array, exp: (x: number) => number): Float32Array {
  const largest = scores.reduce((a, b) => (b > a ? b : a), Number.NEGATIVE_INFINITY);
  return scores.map((score) => exp(f(score - largest)));
}

/** Sum from the first value on. */
export function sumF32(values: Float32Array): number {
  return values.reduce((sum, value) => f(sum + value), 0);
}

/** Logistic function, 1 / (1 + e^-x). */
export function sigmoidF32(x: number): number {
  return f(1 / f(1 + expF32(f(-x))));
}

/**
 * Applies the activation with this code (`ACTIVATION_CODES`). With a = |x|, GELU is max(x, 0) - a Phi(-a), of the normal
 * distribution function, and SiLU max(x, 0) - a / (1 + e^a). For Phi(-a) and e^a stands the 32nd power of a polynomial,
 * which falls or grows like an exponential: for Phi(-a) the one of degree 5 with the smallest maximum of the error from 0 to
 * 8, relative to min(1, a), 3.6e-7; for e^a that of e^(a / 32). With the roundings below, the error of GELU is at most
 * 7.4e-7, and 1.45e-6 |x|. From 5.4 on its value is x; from -8 down, as of -Infinity, it is -1.2e-15.
 */
export function activateF32(x: number, code: number): number {
  const positive = x > 0 ? x : 0;
  if (code < 2) return code === 0 ? x : positive;
  const isGelu = code === 2;
  const a = Math.min(Math.abs(x), isGelu ? 8 : 17);
  let p = isGelu ? horner(GELU, a) : horner(EXP, a / 32);
  for (let i = 0; i < 5; i++) p = f(p * p);
  return f(positive - f(isGelu ? a * p : a / f(p + 1)));
}
