/** The SIMD128 module that works in the linear memory of TensorFlow.js's wasm backend. */
export { activate, activateGradient } from './activation';
export { attention, attentionGradient, attentionScratchBytes } from './attention';
export { copyRows, permute } from './copying';
export { depthwiseConv, depthwiseConvGradient } from './depthwise-conv';
export { gatherRows, scatterRows } from './lookup';
export { layerNorm, layerNormGradient } from './normalization';
export { productScratchBytes, products } from './product';
export { sequenceMax, sequenceMaxGradient } from './sequence-max';
export { weightedMean, weightedMeanGradient } from './weighted-mean';
