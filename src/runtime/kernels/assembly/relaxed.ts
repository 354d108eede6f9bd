/** The relaxed SIMD module: what multiplies in int8. It works in the memory of the SIMD128 module, beside its primitives. */
export { attention } from './attention';
export { matmulInt8 } from './product';
export { quantizeRows } from './quantize';
