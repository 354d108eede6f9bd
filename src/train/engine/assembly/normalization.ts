/** Layer normalization of rows and its gradient. Sums over a row run in four lanes and do not depend on other rows. */
import { firstLanes, loadPart, storePart, sumLanes } from './rows';

function mean(x: usize, width: i32): f32 {
  let sums = f32x4.splat(0);
  for (let c = 0; c < width; c += 4) sums = f32x4.add(sums, loadPart(x + ((<usize>c) << 2), width - c));
  return sumLanes(sums) / <f32>width;
}

function variance(x: usize, width: i32, center: f32): f32 {
  const shift = f32x4.splat(center);
  let sums = f32x4.splat(0);
  for (let c = 0; c < width; c += 4) {
    const distance = f32x4.sub(loadPart(x + ((<usize>c) << 2), width - c), shift);
    sums = f32x4.add(sums, v128.and(f32x4.mul(distance, distance), firstLanes(width - c)));
  }
  return sumLanes(sums) / <f32>width;
}

/**
 * `y = normalized * weight + bias`.
 *
 * @param normalized `(x - mean) / sqrt(variance + epsilon)`, kept for the gradient
 * @param inverses `1 / sqrt(variance + epsilon)` of each row
 */
export function layerNorm(
  y: usize,
  normalized: usize,
  inverses: usize,
  x: usize,
  weight: usize,
  bias: usize,
  rows: i32,
  width: i32,
  epsilon: f32,
): void {
  const bytes = (<usize>width) << 2;
  for (let r = 0; r < rows; r++) {
    const center = mean(x, width);
    const inverse = <f32>1 / sqrt<f32>(variance(x, width, center) + epsilon);
    store<f32>(inverses + ((<usize>r) << 2), inverse);
    for (let c = 0; c < width; c += 4) {
      const offset = (<usize>c) << 2;
      const left = width - c;
      const distance = f32x4.sub(loadPart(x + offset, left), f32x4.splat(center));
      const n = f32x4.mul(distance, f32x4.splat(inverse));
      storePart(normalized + offset, n, left);
      const scaled = f32x4.mul(n, loadPart(weight + offset, left));
      storePart(y + offset, f32x4.add(scaled, loadPart(bias + offset, left)), left);
    }
    x += bytes;
    y += bytes;
    normalized += bytes;
  }
}

/**
 * The gradients of `layerNorm`. With g = dy * weight: dx = inverse * (g - mean(g) - normalized * mean(g * normalized)),
 * dWeight the sum over the rows of dy * normalized, dBias that of dy.
 */
export function layerNormGradient(
  dx: usize,
  dWeight: usize,
  dBias: usize,
  normalized: usize,
  inverses: usize,
  weight: usize,
  dy: usize,
  rows: i32,
  width: i32,
): void {
  const bytes = (<usize>width) << 2;
  memory.fill(dWeight, 0, bytes);
  memory.fill(dBias, 0, bytes);
  for (let r = 0; r < rows; r++) {
    let sums = f32x4.splat(0);
    let products = f32x4.splat(0);
    for (let c = 0; c < width; c += 4) {
      const offset = (<usize>c) << 2;
      const left = width - c;
      const d = loadPart(dy + offset, left);
      const n = loadPart(normalized + offset, left);
      const dn = f32x4.mul(d, n);
      storePart(dWeight + offset, f32x4.add(loadPart(dWeight + offset, left), dn), left);
      storePart(dBias + offset, f32x4.add(loadPart(dBias + offset, left), d), left);
      const w = loadPart(weight + offset, left);
      sums = f32x4.add(sums, f32x4.mul(d, w));
      products = f32x4.add(products, f32x4.mul(dn, w));
    }
    const center = f32x4.splat(sumLanes(sums) / <f32>width);
    const along = f32x4.splat(sumLanes(products) / <f32>width);
    const inverse = v128.load32_splat(inverses + ((<usize>r) << 2));
    for (let c = 0; c < width; c += 4) {
      const offset = (<usize>c) << 2;
      const left = width - c;
      const g = f32x4.mul(loadPart(dy + offset, left), loadPart(weight + offset, left));
      const straight = f32x4.mul(loadPart(normalized + offset, left), along);
      storePart(dx + offset, f32x4.mul(inverse, f32x4.sub(f32x4.sub(g, center), straight)), left);
    }
    dx += bytes;
    dy += bytes;
    normalized += bytes;
  }
}
