/** The SIMD128 module: every primitive of `kernels/kernels.ts`, same bits as `kernels/scalar.ts`. */
export { attention } from './attention';
export { add, gatherFloat32, gatherInt8, gatherMeanInt8, maxPool, pairFeatures, weightedMean } from './gather';
export { depthwiseConv, layerNorm } from './normalize';
export { matmulInt8, quantizeRows } from './product';
