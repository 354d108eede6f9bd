/**
 * The int8 product; `kernels/kernels.ts` is the contract. It works on tiles of 4 rows by 8 outputs: for each group of
 * inputs, two registers of weights meet one splat group of activations a row, so that no horizontal sum is needed inside
 * the loop. Rows that are left over go one by one. What `asc` compiles for decides: SIMD128 multiplies groups of two, as
 * i16, relaxed SIMD groups of four, as i8.
 */
import { finish } from './finish';
import { activate } from './float';
import { OPERAND_BYTES } from './quantize';
import { rowBytes } from './rows';

export function matmulInt8(
  out: usize,
  q: usize,
  scales: usize,
  zeros: usize,
  w: usize,
  sums: usize,
  weightScales: usize,
  bias: usize,
  rows: i32,
  inputSize: i32,
  outputSize: i32,
  activation: i32,
): void {
  const qBytes = (rowBytes(inputSize) >> 2) * OPERAND_BYTES;
  const outBytes = rowBytes(outputSize);
  multiply(out, outBytes, q, qBytes, scales, zeros, w, sums, weightScales, bias, rows, outBytes);
  activate(out, <usize>rows * outBytes, activation);
}

/** {@link matmulInt8} without an activation: rows of `qBytes` to rows of `outBytes`, `stride` bytes apart. */
export function multiply(
  out: usize,
  stride: usize,
  q: usize,
  qBytes: usize,
  scales: usize,
  zeros: usize,
  w: usize,
  sums: usize,
  weightScales: usize,
  bias: usize,
  rows: i32,
  outBytes: usize,
): void {
  const blockBytes = qBytes << 3;
  for (let o: usize = 0; o < outBytes; o += 32) {
    const columns = min<usize>(32, outBytes - o);
    let row = q;
    let to = out + o;
    let step = 4;
    for (let r = 0; r < rows; r += step) {
      step = rows - r >= 4 ? 4 : 1;
      if (step === 4) tile4(to, stride, row, qBytes, w, columns);
      else tile1(to, row, qBytes, w, columns);
      const at = (<usize>r) << 2;
      const size = (<usize>step) << 2;
      finish(to, stride, scales + at, zeros + at, sums + o, weightScales + o, bias + o, size, columns);
      row += <usize>step * qBytes;
      to += <usize>step * stride;
    }
    w += blockBytes;
  }
}

/** Adds the product of a group of weights of 4 outputs with a splat group of activations to `sums`. */
export function dot(weights: v128, activations: v128, sums: v128): v128 {
  if (!ASC_FEATURE_RELAXED_SIMD) return i32x4.add(sums, i32x4.dot_i16x8_s(activations, weights));
  // Any int8 times 0 to 127: where the second operand is in this range, the specification leaves no choice to the engine.
  return i32x4.relaxed_dot_i8x16_i7x16_add_s(weights, activations, sums);
}

/** Integer sums of 4 rows by 8 outputs, or by 4 where a block has no more `columns`, in bytes. */
function tile4(to: usize, outBytes: usize, q0: usize, qBytes: usize, w: usize, columns: usize): void {
  const q1 = q0 + qBytes;
  const q2 = q1 + qBytes;
  const q3 = q2 + qBytes;
  let a0 = i32x4.splat(0);
  let a1 = i32x4.splat(0);
  let b0 = i32x4.splat(0);
  let b1 = i32x4.splat(0);
  let c0 = i32x4.splat(0);
  let c1 = i32x4.splat(0);
  let d0 = i32x4.splat(0);
  let d1 = i32x4.splat(0);
  // Two groups a turn; in relaxed SIMD one may be left over.
  const pairs = OPERAND_BYTES === 1 ? qBytes & ~7 : qBytes;
  for (let k: usize = 0; k < pairs; k += 8) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const x0 = v128.load32_splat(q0 + k);
    a0 = dot(w0, x0, a0);
    a1 = dot(w1, x0, a1);
    const x1 = v128.load32_splat(q1 + k);
    b0 = dot(w0, x1, b0);
    b1 = dot(w1, x1, b1);
    const x2 = v128.load32_splat(q2 + k);
    c0 = dot(w0, x2, c0);
    c1 = dot(w1, x2, c1);
    const x3 = v128.load32_splat(q3 + k);
    d0 = dot(w0, x3, d0);
    d1 = dot(w1, x3, d1);
    w += 32;
    const v0 = v128.load(w);
    const v1 = v128.load(w, 16);
    const y0 = v128.load32_splat(q0 + k, 4);
    a0 = dot(v0, y0, a0);
    a1 = dot(v1, y0, a1);
    const y1 = v128.load32_splat(q1 + k, 4);
    b0 = dot(v0, y1, b0);
    b1 = dot(v1, y1, b1);
    const y2 = v128.load32_splat(q2 + k, 4);
    c0 = dot(v0, y2, c0);
    c1 = dot(v1, y2, c1);
    const y3 = v128.load32_splat(q3 + k, 4);
    d0 = dot(v0, y3, d0);
    d1 = dot(v1, y3, d1);
    w += 32;
  }
  if (OPERAND_BYTES === 1 && pairs < qBytes) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const x0 = v128.load32_splat(q0 + pairs);
    a0 = dot(w0, x0, a0);
    a1 = dot(w1, x0, a1);
    const x1 = v128.load32_splat(q1 + pairs);
    b0 = dot(w0, x1, b0);
    b1 = dot(w1, x1, b1);
    const x2 = v128.load32_splat(q2 + pairs);
    c0 = dot(w0, x2, c0);
    c1 = dot(w1, x2, c1);
    const x3 = v128.load32_splat(q3 + pairs);
    d0 = dot(w0, x3, d0);
    d1 = dot(w1, x3, d1);
  }
  v128.store(to, a0);
  v128.store(to + outBytes, b0);
  v128.store(to + 2 * outBytes, c0);
  v128.store(to + 3 * outBytes, d0);
  if (columns === 16) return;
  v128.store(to, a1, 16);
  v128.store(to + outBytes, b1, 16);
  v128.store(to + 2 * outBytes, c1, 16);
  v128.store(to + 3 * outBytes, d1, 16);
}

/** {@link tile4} for one row. */
function tile1(to: usize, q: usize, qBytes: usize, w: usize, columns: usize): void {
  let a0 = i32x4.splat(0);
  let a1 = i32x4.splat(0);
  for (const end = q + qBytes; q < end; q += 4) {
    const x = v128.load32_splat(q);
    a0 = dot(v128.load(w), x, a0);
    a1 = dot(v128.load(w, 16), x, a1);
    w += 32;
  }
  v128.store(to, a0);
  if (columns === 32) v128.store(to, a1, 16);
}
