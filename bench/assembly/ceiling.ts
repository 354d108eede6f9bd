/**
 * How fast an engine issues the instructions that the parts of a kernel are made of, when there is nothing else to do: no
 * load of an operand, no store, and several at once, so that none waits for another. A turn depends on the one before, so
 * that no compiler can take it out of the loop, and no operand of a product is a constant, which some engines make anew at
 * every use. In AssemblyScript.
 */
import { power4, round4 } from '../../src/runtime/kernels/assembly/attention';
import { CONSTANTS, power32 } from '../../src/runtime/kernels/assembly/float';
import { dot } from '../../src/runtime/kernels/assembly/product';

/** An int8 product of 16 or, in relaxed SIMD, 32 operations a register, 12 registers a turn. */
export function products(turns: i32): i32 {
  const w = i32x4.splat(turns);
  let a = w;
  let b = w;
  let c = w;
  let d = w;
  let e = w;
  let f = w;
  let g = w;
  let h = w;
  let i = w;
  let j = w;
  let k = w;
  let l = w;
  for (let turn = 0; turn < turns; turn++) {
    a = dot(a, w, w);
    b = dot(b, w, w);
    c = dot(c, w, w);
    d = dot(d, w, w);
    e = dot(e, w, w);
    f = dot(f, w, w);
    g = dot(g, w, w);
    h = dot(h, w, w);
    i = dot(i, w, w);
    j = dot(j, w, w);
    k = dot(k, w, w);
    l = dot(l, w, w);
  }
  a = v128.xor(v128.xor(v128.xor(a, b), v128.xor(c, d)), v128.xor(v128.xor(e, f), v128.xor(g, h)));
  return i32x4.extract_lane(v128.xor(a, v128.xor(v128.xor(i, j), v128.xor(k, l))), 0);
}

/** The integer sums of a product made F32 and biased, 4 registers of 4 a turn. */
export function outputs(turns: i32): i32 {
  return run<Output>(turns);
}

/** Quantization of what a product reads, its range included, 4 registers of 4 a turn. */
export function inputs(turns: i32): i32 {
  return run<Input>(turns);
}

/** The weights that attention gives to scores, 4 registers of 4 a turn. */
export function weights(turns: i32): i32 {
  return run<Weight>(turns);
}

/** GELU, 4 registers of 4 a turn. */
export function gelus(turns: i32): i32 {
  return run<Gelu>(turns);
}

class Output {}
class Input {}
class Weight {}
class Gelu {}

function run<T>(turns: i32): i32 {
  const y = f32x4.splat(<f32>turns);
  let a = y;
  let b = y;
  let c = y;
  let d = y;
  for (let turn = 0; turn < turns; turn++) {
    a = step<T>(a, y);
    b = step<T>(b, y);
    c = step<T>(c, y);
    d = step<T>(d, y);
  }
  return i32x4.extract_lane(v128.xor(v128.xor(a, b), v128.xor(c, d)), 0);
}

/** One register; `y` stands for every operand that a row or a column has in common. */
function step<T>(x: v128, y: v128): v128 {
  if (idof<T>() === idof<Output>()) {
    const integers = f32x4.convert_i32x4_s(i32x4.sub(x, i32x4.mul(y, y)));
    return f32x4.add(f32x4.mul(integers, f32x4.mul(y, y)), y);
  }
  if (idof<T>() === idof<Input>()) {
    const range = f32x4.pmax(f32x4.pmin(x, y), x);
    const level = f32x4.add(f32x4.mul(range, y), y);
    const integers = i32x4.sub(f32x4.pmin(y, f32x4.pmax(y, level)), y);
    return i16x8.narrow_i32x4_s(integers, integers);
  }
  if (idof<T>() === idof<Weight>()) return round4(power4(f32x4.sub(x, y)));
  const a = f32x4.pmin(f32x4.abs(x), y);
  return f32x4.sub(f32x4.pmax(f32x4.splat(0), x), f32x4.mul(a, power32(CONSTANTS, a)));
}
