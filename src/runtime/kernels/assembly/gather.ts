/** Embedding rows, pooling, and the elementwise sum; `kernels/kernels.ts` is the contract. */
import { rowBytes } from './rows';

/** Four int8 weights as f32. */
function widen(at: usize): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(at))));
}

export function gatherInt8(out: usize, ids: usize, count: i32, table: usize, scales: usize, width: i32): void {
  const bytes = rowBytes(width);
  for (let t = 0; t < count; t++) {
    const id = <usize>load<i32>(ids);
    const scale = v128.load32_splat(scales + (id << 2));
    const from = table + id * (bytes >> 2);
    for (let c: usize = 0; c < bytes; c += 16) v128.store(out + c, f32x4.mul(widen(from + (c >> 2)), scale));
    out += bytes;
    ids += 4;
  }
}

export function weightedMean(out: usize, x: usize, ids: usize, weights: usize, count: i32, width: i32): void {
  const bytes = rowBytes(width);
  let total: f32 = 0;
  const end = ids + ((<usize>count) << 2);
  for (let id = ids; id < end; id += 4) total += load<f32>(weights + ((<usize>load<i32>(id)) << 2));
  for (let c: usize = 0; c < bytes; c += 16) {
    let sum = f32x4.splat(0);
    let from = x + c;
    for (let id = ids; id < end; id += 4) {
      const weight = v128.load32_splat(weights + ((<usize>load<i32>(id)) << 2));
      sum = f32x4.add(sum, f32x4.mul(weight, v128.load(from)));
      from += bytes;
    }
    v128.store(out + c, total > 0 ? f32x4.div(sum, f32x4.splat(total)) : f32x4.splat(0));
  }
}

export function maxPool(out: usize, x: usize, count: i32, width: i32): void {
  const bytes = rowBytes(width);
  for (let c: usize = 0; c < bytes; c += 16) {
    let from = x + c;
    let largest = f32x4.splat(count > 0 ? -Infinity : 0);
    for (let t = 0; t < count; t++) {
      largest = f32x4.pmax(largest, v128.load(from));
      from += bytes;
    }
    v128.store(out + c, largest);
  }
}

export function add(out: usize, x: usize, rows: i32, width: i32): void {
  const bytes = <usize>rows * rowBytes(width);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.add(v128.load(out + i), v128.load(x + i)));
}
