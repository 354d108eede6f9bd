/**
 * Attention in f32; `kernels/kernels.ts` is the contract. The keys of a head are laid out column by column and its values
 * row by row, so that one product serves scores and outputs: tiles of 4 queries by 8 columns, without a horizontal sum
 * inside the loop.
 */
import { exp4 } from './exp';
import { divideRow, laneSum, maxLane, rowBytes, store2 } from './rows';

/**
 * `out[r, c] = sum_k(a[r, k] * b[k, c])` for 1 to 4 rows and an even number of `k`. Sizes and strides are in bytes; `b` is
 * dense, so that its stride, whole registers, is the width of `out`.
 */
function product(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  rows: i32,
  inner: usize,
): void {
  // What a tile has too much of is the row or the register that it has already: it is computed and stored twice.
  const step1: usize = rows > 1 ? 1 : 0;
  const step2: usize = rows > 2 ? 2 : 0;
  const step3: usize = rows > 3 ? 3 : 0;
  const a1 = a + step1 * aStride;
  const a2 = a + step2 * aStride;
  const a3 = a + step3 * aStride;
  for (let c: usize = 0; c < bStride; c += 32) {
    const next = min<usize>(16, bStride - c - 16);
    let from = b + c;
    let p0 = f32x4.splat(0);
    let p1 = f32x4.splat(0);
    let p2 = f32x4.splat(0);
    let p3 = f32x4.splat(0);
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    // Two terms a turn.
    for (let k: usize = 0; k < inner; k += 8) {
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
      const below = v128.load(from);
      const beyond = v128.load(from + next);
      from += bStride;
      const y0 = v128.load32_splat(a + k, 4);
      p0 = f32x4.add(p0, f32x4.mul(y0, below));
      s0 = f32x4.add(s0, f32x4.mul(y0, beyond));
      const y1 = v128.load32_splat(a1 + k, 4);
      p1 = f32x4.add(p1, f32x4.mul(y1, below));
      s1 = f32x4.add(s1, f32x4.mul(y1, beyond));
      const y2 = v128.load32_splat(a2 + k, 4);
      p2 = f32x4.add(p2, f32x4.mul(y2, below));
      s2 = f32x4.add(s2, f32x4.mul(y2, beyond));
      const y3 = v128.load32_splat(a3 + k, 4);
      p3 = f32x4.add(p3, f32x4.mul(y3, below));
      s3 = f32x4.add(s3, f32x4.mul(y3, beyond));
    }
    const to = out + c;
    store2(to, next, p0, s0);
    store2(to + step1 * outStride, next, p1, s1);
    store2(to + step2 * outStride, next, p2, s2);
    store2(to + step3 * outStride, next, p3, s3);
  }
}

/** `exp((x - max(x)) * scale)` of a row of whole registers, in place; zeros behind `keyBytes`. */
function exponentials(x: usize, bytes: usize, keyBytes: usize, scale: f32): void {
  let largest = f32x4.splat(-Infinity);
  for (let at: usize = 0; at < bytes; at += 16) largest = f32x4.pmax(largest, v128.load(x + at));
  const shift = f32x4.splat(maxLane(largest));
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(x + at, exp4(f32x4.mul(f32x4.sub(v128.load(x + at), shift), f32x4.splat(scale))));
  }
  for (let at = keyBytes; at < bytes; at += 4) store<f32>(x + at, 0);
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
  const values = scratch + (headBytes >> 2) * scoreBytes;
  const scores = values + (headBytes >> 2) * scoreBytes;
  for (let h: usize = 0; h < outBytes; h += headBytes) {
    let value = values;
    for (let t: usize = 0; t < scoreBytes; t += 4) {
      // Behind the last key it stands again: a score that changes no maximum. Behind the last value are zeros.
      const at = h + <usize>min<i32>(<i32>(t >> 2), count - 1) * rowStride;
      let key = scratch + t;
      for (let c: usize = 0; c < headBytes; c += 4) {
        store<f32>(key, load<f32>(k + at + c));
        key += scoreBytes;
      }
      for (let c: usize = 0; c < headBytes; c += 16) {
        v128.store(value, t < keyBytes ? v128.load(v + at + c) : f32x4.splat(0));
        value += 16;
      }
    }
    let query = q + h;
    let to = out + h;
    for (let r = 0; r < queries; r += 4) {
      const rows = min(4, queries - r);
      product(scores, scoreBytes, query, rowStride, scratch, scoreBytes, rows, headBytes);
      for (let i: usize = 0; i < <usize>rows; i++) exponentials(scores + i * scoreBytes, scoreBytes, keyBytes, scale);
      product(to, outBytes, scores, scoreBytes, values, headBytes, rows, scoreBytes);
      for (let i: usize = 0; i < <usize>rows; i++) {
        divideRow(to + i * outBytes, headBytes, laneSum(scores + i * scoreBytes, scoreBytes));
      }
      query += 4 * rowStride;
      to += 4 * outBytes;
    }
  }
}
