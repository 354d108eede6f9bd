/**
 * Activations in f32, four values at a time; `kernels/float.ts` is the scalar reference with the same roundings. `pmin`
 * and `pmax` are an instruction each on x86, where `min` and `max` are seven; their order says what becomes of NaN.
 */

/**
 * Of GELU, then of SiLU: the end, and the polynomial up to it, which for SiLU has the powers of 1/32 in it. In memory,
 * because V8 makes a constant of 16 bytes anew at every use, in three instructions, and reads and spreads one of 4 bytes in
 * one.
 */
// biome-ignore format: a line an activation
export const CONSTANTS: usize = memory.data<f32>([
  8, -0.000012759, 0.000247781, -0.000892896, -0.009421838, -0.024400671, 0.978572084,
  17, <f32>(1.0 / 120.0 / 33554432.0), <f32>(1.0 / 24.0 / 1048576.0), <f32>(1.0 / 6.0 / 32768.0), 0.5 / 1024.0, 1.0 / 32.0, 1,
]);

/** The 32nd power of the polynomial at `own + 4`. */
export function power32(own: usize, a: v128): v128 {
  let p = f32x4.mul(v128.load32_splat(own, 4), a);
  p = f32x4.mul(f32x4.add(p, v128.load32_splat(own, 8)), a);
  p = f32x4.mul(f32x4.add(p, v128.load32_splat(own, 12)), a);
  p = f32x4.mul(f32x4.add(p, v128.load32_splat(own, 16)), a);
  p = f32x4.mul(f32x4.add(p, v128.load32_splat(own, 20)), a);
  p = f32x4.add(p, v128.load32_splat(own, 24));
  p = f32x4.mul(p, p);
  p = f32x4.mul(p, p);
  p = f32x4.mul(p, p);
  p = f32x4.mul(p, p);
  p = f32x4.mul(p, p);
  return p;
}

/** Applies an activation to whole registers in place: 0 none, 1 ReLU, 2 GELU, 3 SiLU. */
export function activate(at: usize, bytes: usize, code: i32): void {
  if (code === 0) return;
  const own = CONSTANTS + (code === 3 ? 28 : 0);
  for (const end = at + bytes; at < end; at += 16) {
    const x = v128.load(at);
    const positive = f32x4.pmax(f32x4.splat(0), x);
    if (code === 1) {
      v128.store(at, positive);
      continue;
    }
    const a = f32x4.pmin(f32x4.abs(x), v128.load32_splat(own));
    const p = power32(own, a);
    const rest = code === 2 ? f32x4.mul(a, p) : f32x4.div(a, f32x4.add(p, v128.load32_splat(CONSTANTS + 52)));
    v128.store(at, f32x4.sub(positive, rest));
  }
}
