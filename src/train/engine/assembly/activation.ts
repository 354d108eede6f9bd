/** Activations and their gradients over a flat run of numbers. Codes: 1 ReLU, 2 GELU (exact), 3 SiLU. */
import { gauss4, normalCdf4, sigmoid4 } from './functions';
import { loadPart, storePart } from './rows';

const RELU: i32 = 1;
const GELU: i32 = 2;

function value4(x: v128, code: i32): v128 {
  // A comparison and not a maximum: NaN stays NaN.
  if (code === RELU) return v128.andnot(x, f32x4.lt(x, f32x4.splat(0)));
  if (code === GELU) return f32x4.mul(x, normalCdf4(x, gauss4(x)));
  return f32x4.mul(x, sigmoid4(x));
}

function derivative4(x: v128, code: i32): v128 {
  const one = f32x4.splat(1);
  if (code === RELU) return v128.and(one, f32x4.gt(x, f32x4.splat(0)));
  if (code === GELU) {
    const gauss = gauss4(x);
    const density = f32x4.mul(gauss, f32x4.splat(<f32>0.3989422804014327)); // 1 / sqrt(2 pi)
    return f32x4.add(normalCdf4(x, gauss), f32x4.mul(x, density));
  }
  const s = sigmoid4(x);
  return f32x4.mul(s, f32x4.add(one, f32x4.mul(x, f32x4.sub(one, s))));
}

/** `y = activation(x)` of `count` numbers. */
export function activate(y: usize, x: usize, count: i32, code: i32): void {
  for (let i = 0; i < count; i += 4) {
    const offset = (<usize>i) << 2;
    storePart(y + offset, value4(loadPart(x + offset, count - i), code), count - i);
  }
}

/** `dx = dy * activation'(x)` of `count` numbers. */
export function activateGradient(dx: usize, x: usize, dy: usize, count: i32, code: i32): void {
  for (let i = 0; i < count; i += 4) {
    const offset = (<usize>i) << 2;
    const derivative = derivative4(loadPart(x + offset, count - i), code);
    storePart(dx + offset, f32x4.mul(loadPart(dy + offset, count - i), derivative), count - i);
  }
}
