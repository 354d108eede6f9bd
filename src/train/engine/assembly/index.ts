/** The SIMD128 module that works in the linear memory of TensorFlow.js's wasm backend. */
export { copyRows, permute } from './copying';
export { productScratchBytes, products } from './product';
