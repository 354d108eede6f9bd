/** The SIMD128 module: the primitives of `kernels/kernels.ts` that take time, same bits as `kernels/scalar.ts`. */
export { attention } from './attention';
export { add, gatherInt8, maxPool, weightedMean } from './gather';
export { depthwiseConv, layerNorm } from './normalize';
export { matmulInt8 } from './product';
export { quantizeRows } from './quantize';
