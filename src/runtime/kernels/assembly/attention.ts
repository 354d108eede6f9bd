/**
 * Attention in f32; `kernels/kernels.ts` is the contract. The keys of a head are laid out column by column, so that one
 * product serves scores and outputs: tiles of 4 queries by 8 columns, without a horizontal sum inside the loop.
 */
import { exp4 } from './exp';
import { divideRow, laneSum, maxLane, rowBytes } from './rows';

/** `out[r, c] = sum_k(a[r, k] * b[k, c])` for 1 to 4 rows; sizes and strides are in bytes, rows are whole registers. */
function product(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  rows: i32,
  inner: usize,
  columns: usize,
): void {
  // What a tile has too much of is the row or the register that it has already: it is computed and stored twice.
  const step1: usize = rows > 1 ? 1 : 0;
  const step2: usize = rows > 2 ? 2 : 0;
  const step3: usize = rows > 3 ? 3 : 0;
  const a1 = a + step1 * aStride;
  const a2 = a + step2 * aStride;
  const a3 = a + step3 * aStride;
  for (let c: usize = 0; c < columns; c += 32) {
    const next = min<usize>(16, columns - c - 16);
    let from = b + c;
    let p0 = f32x4.splat(0);
    let p1 = f32x4.splat(0);
    let p2 = f32x4.splat(0);
    let p3 = f32x4.splat(0);
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    for (let k: usize = 0; k < inner; k += 4) {
      const left = v128.load(from);
      const right = v128.load(from + next);
      from += bStride;
      const x0 = v128.load32_splat(a + k);
      p0 = f32x4.add(p0, f32x4.mul(x0, left));
      s0 = f32x4.add(s0, f32x4.mul(x0, right));
      const x1 = v128.load32_splat(a1 + k);
      p1 = f32x4.add(p1, f32x4.mul(x1, left));
      s1 = f32x4.add(s1, f32x4.mul(x1, right));
      const x2 = v128.load32_splat(a2 + k);
      p2 = f32x4.add(p2, f32x4.mul(x2, left));
      s2 = f32x4.add(s2, f32x4.mul(x2, right));
      const x3 = v128.load32_splat(a3 + k);
      p3 = f32x4.add(p3, f32x4.mul(x3, left));
      s3 = f32x4.add(s3, f32x4.mul(x3, right));
    }
    const to = out + c;
    store2(to, next, p0, s0);
    store2(to + step1 * outStride, next, p1, s1);
    store2(to + step2 * outStride, next, p2, s2);
    store2(to + step3 * outStride, next, p3, s3);
  }
}

/** Stores two registers, `next` bytes apart. */
function store2(to: usize, next: usize, left: v128, right: v128): void {
  v128.store(to, left);
  v128.store(to + next, right);
}

/** `exp((x - max(x)) * scale)` of a row of whole registers, in place. */
function exponentials(x: usize, bytes: usize, scale: f32): void {
  let largest = f32x4.splat(-Infinity);
  for (let at: usize = 0; at < bytes; at += 16) largest = f32x4.pmax(largest, v128.load(x + at));
  const shift = f32x4.splat(maxLane(largest));
  for (const end = x + bytes; x < end; x += 16) {
    v128.store(x, exp4(f32x4.mul(f32x4.sub(v128.load(x), shift), f32x4.splat(scale))));
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
  const keyBytes = (<usize>count) << 2;
  const scoreBytes = rowBytes(count);
  const rowStride = (<usize>stride) << 2;
  const headBytes = rowBytes(size);
  const outBytes = <usize>heads * headBytes;
  const scores = scratch + <usize>size * scoreBytes;
  for (let h: usize = 0; h < outBytes; h += headBytes) {
    for (let t: usize = 0; t < scoreBytes; t += 4) {
      // Behind the last key it stands again: a score that changes no maximum.
      const key = k + h + <usize>min<i32>(<i32>(t >> 2), count - 1) * rowStride;
      let to = scratch + t;
      for (let c = 0; c < size; c++) {
        store<f32>(to, load<f32>(key + ((<usize>c) << 2)));
        to += scoreBytes;
      }
    }
    let query = q + h;
    let to = out + h;
    for (let r = 0; r < queries; r += 4) {
      const rows = min(4, queries - r);
      product(scores, scoreBytes, query, rowStride, scratch, scoreBytes, rows, (<usize>size) << 2, scoreBytes);
      for (let i: usize = 0; i < <usize>rows; i++) exponentials(scores + i * scoreBytes, scoreBytes, scale);
      product(to, outBytes, scores, scoreBytes, v + h, rowStride, rows, keyBytes, headBytes);
      for (let i: usize = 0; i < <usize>rows; i++) {
        divideRow(to + i * outBytes, headBytes, laneSum(scores + i * scoreBytes, count, 0, false));
      }
      query += 4 * rowStride;
      to += 4 * outBytes;
    }
  }
}
