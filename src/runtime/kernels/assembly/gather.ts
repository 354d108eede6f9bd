/** Embedding rows, pooling, and the elementwise sum; `kernels/kernels.ts` is the contract. */
import { loadPart, storePart } from './rows';

/** Four int8 weights as f32; `count` of them are read. */
function widen(at: usize, count: i32): v128 {
  if (count >= 4) {
    const bytes = v128.load32_zero(at);
    return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(bytes)));
  }
  let value = f32x4.splat(0);
  value = f32x4.replace_lane(value, 0, <f32>load<i8>(at));
  if (count > 1) value = f32x4.replace_lane(value, 1, <f32>load<i8>(at, 1));
  if (count > 2) value = f32x4.replace_lane(value, 2, <f32>load<i8>(at, 2));
  return value;
}

export function gatherInt8(out: usize, ids: usize, count: i32, table: usize, scales: usize, width: i32): void {
  for (let t = 0; t < count; t++) {
    const id = load<i32>(ids + ((<usize>t) << 2));
    const scale = v128.load32_splat(scales + ((<usize>id) << 2));
    const from = table + <usize>(id * width);
    const to = out + ((<usize>(t * width)) << 2);
    for (let c = 0; c < width; c += 4) {
      storePart(to + ((<usize>c) << 2), f32x4.mul(widen(from + <usize>c, width - c), scale), width - c);
    }
  }
}

export function gatherFloat32(out: usize, ids: usize, count: i32, table: usize, width: i32): void {
  for (let t = 0; t < count; t++) {
    const id = load<i32>(ids + ((<usize>t) << 2));
    const from = table + ((<usize>(id * width)) << 2);
    const to = out + ((<usize>(t * width)) << 2);
    for (let c = 0; c < width; c += 4) {
      const offset = (<usize>c) << 2;
      storePart(to + offset, id < 0 ? f32x4.splat(0) : loadPart(from + offset, width - c), width - c);
    }
  }
}

export function pairFeatures(out: usize, v: usize, width: i32): void {
  const bytes = (<usize>width) << 2;
  for (let c: usize = 0; c < bytes; c += 4) {
    const at = out + c;
    const first = load<f32>(at + bytes);
    const second = load<f32>(v + c);
    store<f32>(at, first);
    store<f32>(at + bytes, second);
    store<f32>(at + 2 * bytes, abs<f32>(first - second));
    store<f32>(at + 3 * bytes, first * second);
  }
}

/** `x / total` of a row in place; zeros where `total` is not above 0. */
export function divideRow(at: usize, width: i32, total: f32): void {
  const divisor = f32x4.splat(total);
  for (let c = 0; c < width; c += 4) {
    const address = at + ((<usize>c) << 2);
    const value = total > 0 ? f32x4.div(loadPart(address, width - c), divisor) : f32x4.splat(0);
    storePart(address, value, width - c);
  }
}

export function weightedMean(out: usize, x: usize, ids: usize, weights: usize, count: i32, width: i32): void {
  let total: f32 = 0;
  for (let t = 0; t < count; t++) total += load<f32>(weights + ((<usize>load<i32>(ids + ((<usize>t) << 2))) << 2));
  for (let c = 0; c < width; c += 4) {
    let sum = f32x4.splat(0);
    for (let t = 0; t < count; t++) {
      const weight = v128.load32_splat(weights + ((<usize>load<i32>(ids + ((<usize>t) << 2))) << 2));
      sum = f32x4.add(sum, f32x4.mul(weight, loadPart(x + ((<usize>(t * width + c)) << 2), width - c)));
    }
    storePart(out + ((<usize>c) << 2), sum, width - c);
  }
  divideRow(out, width, total);
}

export function gatherMeanInt8(
  out: usize,
  ids: usize,
  weights: usize,
  count: i32,
  table: usize,
  scales: usize,
  width: i32,
): void {
  let total: f32 = 0;
  for (let t = 0; t < count; t++) total += load<f32>(weights + ((<usize>load<i32>(ids + ((<usize>t) << 2))) << 2));
  for (let c = 0; c < width; c += 4) {
    let sum = f32x4.splat(0);
    for (let t = 0; t < count; t++) {
      const id = load<i32>(ids + ((<usize>t) << 2));
      const value = f32x4.mul(
        widen(table + <usize>(id * width + c), width - c),
        v128.load32_splat(scales + ((<usize>id) << 2)),
      );
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights + ((<usize>id) << 2)), value));
    }
    storePart(out + ((<usize>c) << 2), sum, width - c);
  }
  divideRow(out, width, total);
}

export function maxPool(out: usize, x: usize, count: i32, width: i32): void {
  for (let c = 0; c < width; c += 4) {
    let largest = count > 0 ? loadPart(x + ((<usize>c) << 2), width - c) : f32x4.splat(0);
    for (let t = 1; t < count; t++) {
      largest = f32x4.max(largest, loadPart(x + ((<usize>(t * width + c)) << 2), width - c));
    }
    storePart(out + ((<usize>c) << 2), largest, width - c);
  }
}

export function add(out: usize, x: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const offset = (<usize>i) << 2;
    storePart(out + offset, f32x4.add(loadPart(out + offset, count - i), loadPart(x + offset, count - i)), count - i);
  }
}
