/** The SIMD128 module: the primitives of `kernels/kernels.ts` that take time, same bits as `kernels/scalar.ts`. */
import { multiply } from './product';
import { quantize } from './quantize';

export { attention } from './attention';
export { add, gatherInt8, maxPool, weightedMean } from './gather';
export { depthwiseConv, layerNorm } from './normalize';

export function quantizeRows(q: usize, scales: usize, zeros: usize, x: usize, rows: i32, width: i32): void {
  quantize<i16>(q, scales, zeros, x, rows, width);
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
  multiply<i16>(out, q, scales, zeros, w, sums, weightScales, bias, rows, inputSize, outputSize, activation);
}
