/** The relaxed SIMD module: the int8 product alone. It works in the memory of the SIMD128 module, beside its primitives. */
import { multiply } from './product';
import { quantize } from './quantize';

export function quantizeRows(q: usize, scales: usize, zeros: usize, x: usize, rows: i32, width: i32): void {
  quantize<i8>(q, scales, zeros, x, rows, width);
}

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
  multiply<i8>(out, q, scales, zeros, w, sums, weightScales, bias, rows, inputSize, outputSize, activation);
}
