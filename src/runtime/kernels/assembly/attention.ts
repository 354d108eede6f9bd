/**
 * Attention in f32; `kernels/kernels.ts` is the contract. The keys of a head are laid out column by column, so that one
 * product serves scores and outputs: tiles of 4 queries by 4 columns, without a horizontal sum inside the loop.
 */
import { exp4 } from './float';
import { divideRow } from './gather';
import { laneSum } from './normalize';
import { maxLane, storePart } from './rows';

/**
 * `out[r, c] = sum_k(a[r, k] * b[k, c])` for 1 to 4 rows; strides are in bytes. Reads the whole last register of a row
 * of `b`, and stores `columns` values.
 */
function product(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  rows: i32,
  inner: i32,
  columns: i32,
): void {
  const a1 = rows > 1 ? a + aStride : a;
  const a2 = rows > 2 ? a1 + aStride : a;
  const a3 = rows > 3 ? a2 + aStride : a;
  for (let c = 0; c < columns; c += 4) {
    const column = (<usize>c) << 2;
    let from = b + column;
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    const end = (<usize>inner) << 2;
    for (let k: usize = 0; k < end; k += 4) {
      const value = v128.load(from);
      from += bStride;
      s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(a + k), value));
      s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(a1 + k), value));
      s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(a2 + k), value));
      s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(a3 + k), value));
    }
    let to = out + column;
    for (let r = 0; r < rows; r++) {
      storePart(to, r === 0 ? s0 : r === 1 ? s1 : r === 2 ? s2 : s3, columns - c);
      to += outStride;
    }
  }
}

/** `exp((x - max(x)) * scale)` of a row of whole registers, in place. */
function exponentials(x: usize, bytes: usize, scale: f32): void {
  let largest = f32x4.splat(-Infinity);
  for (let at: usize = 0; at < bytes; at += 16) largest = f32x4.max(largest, v128.load(x + at));
  const shift = f32x4.splat(maxLane(largest));
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(x + at, exp4(f32x4.mul(f32x4.sub(v128.load(x + at), shift), f32x4.splat(scale))));
  }
}

export function attention(
  out: usize,
  q: usize,
  k: usize,
  v: usize,
  scratch: usize,
  queries: i32,
  count: i32,
  heads: i32,
  size: i32,
  stride: i32,
  scale: f32,
): void {
  const padded = (count + 3) & ~3;
  const scoreBytes = (<usize>padded) << 2;
  const rowBytes = (<usize>stride) << 2;
  const headBytes = (<usize>size) << 2;
  const outBytes = <usize>heads * headBytes;
  const scores = scratch + <usize>size * scoreBytes;
  for (let h: usize = 0; h < outBytes; h += headBytes) {
    for (let t = 0; t < padded; t++) {
      // Behind the last key it stands again: a score that changes no maximum.
      const key = k + h + <usize>min(t, count - 1) * rowBytes;
      let to = scratch + ((<usize>t) << 2);
      for (let c: usize = 0; c < headBytes; c += 4) {
        store<f32>(to, load<f32>(key + c));
        to += scoreBytes;
      }
    }
    for (let r = 0; r < queries; r += 4) {
      const rows = min(4, queries - r);
      const to = out + h + <usize>r * outBytes;
      product(scores, scoreBytes, q + h + <usize>r * rowBytes, rowBytes, scratch, scoreBytes, rows, size, padded);
      for (let i = 0; i < rows; i++) exponentials(scores + <usize>i * scoreBytes, scoreBytes, scale);
      product(to, outBytes, scores, scoreBytes, v + h, rowBytes, rows, count, size);
      for (let i = 0; i < rows; i++) {
        divideRow(to + <usize>i * outBytes, size, laneSum(scores + <usize>i * scoreBytes, count, 0, false));
      }
    }
  }
}
