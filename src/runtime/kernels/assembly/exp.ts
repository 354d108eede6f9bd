/**
 * e^x in f32, four at a time; `kernels/float.ts` is the scalar reference with the same roundings. In a file of its own,
 * which biome.json leaves out: `@inline` on a function is AssemblyScript's, and no TypeScript to Biome.
 */

/**
 * The range of arguments, log2 e, 1.5 x 2^23, ln 2 in two parts, and the polynomial. In memory, because V8 makes a
 * constant of 16 bytes anew at every use, in three instructions, and reads and spreads one of 4 bytes in one.
 */
const CONSTANTS = memory.data<f32>([
  -87,
  88,
  <f32>Math.LOG2E,
  12582912,
  0.693359375,
  -2.1219444e-4,
  <f32>(1.0 / 720.0),
  <f32>(1.0 / 120.0),
  <f32>(1.0 / 24.0),
  <f32>(1.0 / 6.0),
  0.5,
  1,
]);

/** e^x, NaN of NaN. Inlined: for an engine's first compiler a call is dear. */
@inline
export function exp4(x: v128): v128 {
  const clamped = f32x4.pmin(f32x4.pmax(x, v128.load32_splat(CONSTANTS)), v128.load32_splat(CONSTANTS + 4));
  // A number that is added to 1.5 x 2^23 is rounded to an integer, which stands in the last bits of the sum.
  const rounder = v128.load32_splat(CONSTANTS + 12);
  const rounded = f32x4.add(f32x4.mul(clamped, v128.load32_splat(CONSTANTS + 8)), rounder);
  const n = f32x4.sub(rounded, rounder);
  const high = f32x4.mul(n, v128.load32_splat(CONSTANTS + 16));
  const low = f32x4.mul(n, v128.load32_splat(CONSTANTS + 20));
  const r = f32x4.sub(f32x4.sub(clamped, high), low);
  const one = v128.load32_splat(CONSTANTS + 44);
  let p = v128.load32_splat(CONSTANTS + 24);
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(CONSTANTS + 28));
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(CONSTANTS + 32));
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(CONSTANTS + 36));
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(CONSTANTS + 40));
  p = f32x4.add(f32x4.mul(p, r), one);
  p = f32x4.add(f32x4.mul(p, r), one);
  // 2^n: n becomes the exponent of 1.
  return f32x4.mul(p, i32x4.add(i32x4.shl(rounded, 23), one));
}
