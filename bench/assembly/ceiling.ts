/**
 * How fast an engine issues the instructions that a product or an exponential is made of, when there is nothing else to do:
 * no load of an operand, no store, and several at once, so that none waits for another. A turn depends on the one before,
 * so that no compiler can take it out of the loop, and no operand of a product is a constant, which some engines make anew
 * at every use. In AssemblyScript.
 */
import { exp4 } from '../../src/runtime/kernels/assembly/exp';

/** An int8 product of 16 or, in relaxed SIMD, 32 operations a register, 12 registers a turn. */
export function integer(turns: i32): i32 {
  return run<i32>(turns, i32x4.splat(turns), i32x4.splat(turns));
}

/** A product in f32 of 8 operations a register, 12 registers a turn. */
export function float(turns: i32): i32 {
  return run<f32>(turns, f32x4.splat(<f32>turns * 1e-6), f32x4.splat(<f32>turns));
}

/** Four exponentials a register, 4 registers a turn. */
export function exponential(turns: i32): i32 {
  let a = f32x4.splat(<f32>turns);
  let b = a;
  let c = a;
  let d = a;
  for (let turn = 0; turn < turns; turn++) {
    a = exp4(a);
    b = exp4(b);
    c = exp4(c);
    d = exp4(d);
  }
  return i32x4.extract_lane(v128.xor(v128.xor(a, b), v128.xor(c, d)), 0);
}

function run<T>(turns: i32, w: v128, y: v128): i32 {
  let a = y;
  let b = y;
  let c = y;
  let d = y;
  let e = y;
  let f = y;
  let g = y;
  let h = y;
  let i = y;
  let j = y;
  let k = y;
  let l = y;
  for (let turn = 0; turn < turns; turn++) {
    a = product<T>(a, w, y);
    b = product<T>(b, w, y);
    c = product<T>(c, w, y);
    d = product<T>(d, w, y);
    e = product<T>(e, w, y);
    f = product<T>(f, w, y);
    g = product<T>(g, w, y);
    h = product<T>(h, w, y);
    i = product<T>(i, w, y);
    j = product<T>(j, w, y);
    k = product<T>(k, w, y);
    l = product<T>(l, w, y);
  }
  a = v128.xor(v128.xor(v128.xor(a, b), v128.xor(c, d)), v128.xor(v128.xor(e, f), v128.xor(g, h)));
  return i32x4.extract_lane(v128.xor(a, v128.xor(v128.xor(i, j), v128.xor(k, l))), 0);
}

/** `x * w` added to `sums`, of numbers of type T. */
function product<T>(x: v128, w: v128, sums: v128): v128 {
  if (isFloat<T>()) return f32x4.add(sums, f32x4.mul(x, w));
  if (!ASC_FEATURE_RELAXED_SIMD) return i32x4.add(sums, i32x4.dot_i16x8_s(x, w));
  return i32x4.relaxed_dot_i8x16_i7x16_add_s(x, w, sums);
}
