/** The SIMD128 module that works in the linear memory of TensorFlow.js's wasm backend. */
export { activate, activateGradient } from './activation';
export { attention, attentionGradient, attentionScratchBytes } from './attention';
export { copyRows, permute } from './copying';
export { gatherRows, scatterRows } from './lookup';
export { layerNorm, layerNormGradient } from './normalization';
export { productScratchBytes, products } from './product';
