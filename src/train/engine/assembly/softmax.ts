/** Softmax of rows, in place, and its gradient. */
import { exp4 } from './functions';
import { firstLanes, loadPart, maxLane, storePart, sumLanes } from './rows';

/** `x = softmax(scale * x)` of one row, `scale` above 0; the largest is taken out first, so that nothing overflows. */
export function softmaxRow(x: usize, width: i32, scale: f32): void {
  let largest = f32x4.splat(-Infinity);
  for (let c = 0; c < width; c += 4) {
    const value = loadPart(x + ((<usize>c) << 2), width - c);
    largest = v128.bitselect(f32x4.max(largest, value), largest, firstLanes(width - c));
  }
  const shift = f32x4.splat(maxLane(largest));
  const factor = f32x4.splat(scale);
  let sums = f32x4.splat(0);
  for (let c = 0; c < width; c += 4) {
    const at = x + ((<usize>c) << 2);
    const value = exp4(f32x4.mul(f32x4.sub(loadPart(at, width - c), shift), factor));
    storePart(at, value, width - c);
    sums = f32x4.add(sums, v128.and(value, firstLanes(width - c)));
  }
  const total = f32x4.splat(sumLanes(sums));
  for (let c = 0; c < width; c += 4) {
    const at = x + ((<usize>c) << 2);
    storePart(at, f32x4.div(loadPart(at, width - c), total), width - c);
  }
}

/** `d = scale * p * (d - sum(p * d))` of one row: the gradient of `softmax(scale * x)` = `p`, in place. */
export function softmaxRowGradient(d: usize, p: usize, width: i32, scale: f32): void {
  let products = f32x4.splat(0);
  for (let c = 0; c < width; c += 4) {
    const offset = (<usize>c) << 2;
    products = f32x4.add(products, f32x4.mul(loadPart(d + offset, width - c), loadPart(p + offset, width - c)));
  }
  const total = f32x4.splat(sumLanes(products));
  const factor = f32x4.splat(scale);
  for (let c = 0; c < width; c += 4) {
    const offset = (<usize>c) << 2;
    const scaled = f32x4.mul(factor, loadPart(p + offset, width - c));
    const change = f32x4.mul(scaled, f32x4.sub(loadPart(d + offset, width - c), total));
    storePart(d + offset, change, width - c);
  }
}
