/** The relaxed SIMD module: the int8 product alone. It works in the memory of the SIMD128 module, beside its primitives. */
export { matmulInt8 } from './product';
export { quantizeRows } from './quantize';
