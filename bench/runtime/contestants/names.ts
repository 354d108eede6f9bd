/** Who takes part. */

/** Names as in the results. */
export const CONTESTANTS = [
  'retort-simd',
  'retort-scalar',
  'onnxruntime-web-int8',
  'onnxruntime-web-fp32',
  'onnxruntime-node-int8',
  'tfjs-wasm',
  'fasttext-wasm',
] as const;
/** One of them. */
export type ContestantName = (typeof CONTESTANTS)[number];
