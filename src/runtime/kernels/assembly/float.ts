/**
 * Activations in f32, four values at a time; `kernels/float.ts` is the scalar reference with the same roundings. `pmin`
 * and `pmax` are an instruction each on x86, where `min` and `max` are seven; their order says what becomes of NaN.
 */
import { exp4 } from './exp';

/** 1, the bit of the sign, the end of GELU and its polynomial; in memory as those of `exp.ts`. */
const CONSTANTS = memory.data<f32>([
  1, -0.0, 8, -0.000012759, 0.000247781, -0.000892896, -0.009421838, -0.024400671, 0.978572084,
]);

/** Applies an activation to whole registers in place: 0 none, 1 ReLU, 2 GELU, 3 SiLU. */
export function activate(at: usize, bytes: usize, code: i32): void {
  if (code === 0) return;
  for (const end = at + bytes; at < end; at += 16) {
    const x = v128.load(at);
    const positive = f32x4.pmax(f32x4.splat(0), x);
    if (code === 1) {
      v128.store(at, positive);
      continue;
    }
    if (code === 3) {
      const one = v128.load32_splat(CONSTANTS);
      const e = exp4(v128.xor(v128.load32_splat(CONSTANTS + 4), x));
      v128.store(at, f32x4.mul(x, f32x4.div(one, f32x4.add(one, e))));
      continue;
    }
    const a = f32x4.pmin(f32x4.abs(x), v128.load32_splat(CONSTANTS + 8));
    let p = f32x4.mul(v128.load32_splat(CONSTANTS + 12), a);
    p = f32x4.mul(f32x4.add(p, v128.load32_splat(CONSTANTS + 16)), a);
    p = f32x4.mul(f32x4.add(p, v128.load32_splat(CONSTANTS + 20)), a);
    p = f32x4.mul(f32x4.add(p, v128.load32_splat(CONSTANTS + 24)), a);
    p = f32x4.mul(f32x4.add(p, v128.load32_splat(CONSTANTS + 28)), a);
    p = f32x4.add(p, v128.load32_splat(CONSTANTS + 32));
    p = f32x4.mul(p, p);
    p = f32x4.mul(p, p);
    p = f32x4.mul(p, p);
    p = f32x4.mul(p, p);
    p = f32x4.mul(p, p);
    v128.store(at, f32x4.sub(positive, f32x4.mul(a, p)));
  }
}
