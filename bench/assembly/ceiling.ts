/**
 * How fast an engine issues the instructions that a product is made of, when there is nothing else to do: no load, no
 * store, and twelve sums at once, so that no product waits for another. A turn depends on the one before, so that no
 * compiler can take it out of the loop, and no operand is a constant, which some engines make anew at every use. In
 * AssemblyScript.
 */

/** An int8 product of 16 or, in relaxed SIMD, 32 operations a register, 12 registers a turn. */
export function integer(turns: i32): i32 {
  const w = i32x4.splat(turns);
  const y = i32x4.splat(turns);
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
    a = dot(a, w, y);
    b = dot(b, w, y);
    c = dot(c, w, y);
    d = dot(d, w, y);
    e = dot(e, w, y);
    f = dot(f, w, y);
    g = dot(g, w, y);
    h = dot(h, w, y);
    i = dot(i, w, y);
    j = dot(j, w, y);
    k = dot(k, w, y);
    l = dot(l, w, y);
  }
  a = v128.xor(v128.xor(v128.xor(a, b), v128.xor(c, d)), v128.xor(v128.xor(e, f), v128.xor(g, h)));
  return i32x4.extract_lane(v128.xor(a, v128.xor(v128.xor(i, j), v128.xor(k, l))), 0);
}

function dot(x: v128, w: v128, sums: v128): v128 {
  if (!ASC_FEATURE_RELAXED_SIMD) return i32x4.add(sums, i32x4.dot_i16x8_s(x, w));
  return i32x4.relaxed_dot_i8x16_i7x16_add_s(x, w, sums);
}

/** A product in f32 of 8 operations a register, 12 registers a turn. */
export function float(turns: i32): i32 {
  const w = f32x4.splat(<f32>turns * 1e-6);
  const y = f32x4.splat(<f32>turns);
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
    a = f32x4.add(y, f32x4.mul(a, w));
    b = f32x4.add(y, f32x4.mul(b, w));
    c = f32x4.add(y, f32x4.mul(c, w));
    d = f32x4.add(y, f32x4.mul(d, w));
    e = f32x4.add(y, f32x4.mul(e, w));
    f = f32x4.add(y, f32x4.mul(f, w));
    g = f32x4.add(y, f32x4.mul(g, w));
    h = f32x4.add(y, f32x4.mul(h, w));
    i = f32x4.add(y, f32x4.mul(i, w));
    j = f32x4.add(y, f32x4.mul(j, w));
    k = f32x4.add(y, f32x4.mul(k, w));
    l = f32x4.add(y, f32x4.mul(l, w));
  }
  a = v128.xor(v128.xor(v128.xor(a, b), v128.xor(c, d)), v128.xor(v128.xor(e, f), v128.xor(g, h)));
  return i32x4.extract_lane(v128.xor(a, v128.xor(v128.xor(i, j), v128.xor(k, l))), 0);
}
