/**
 * `Identity` (`tf.clone`, and what a custom gradient saves): the same numbers under another name. No kernel writes into
 * a tensor that it did not make, so a copy, which the stock kernel makes, is not needed.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmBackend } from '../engine.ts';
import type { Replacement } from './replacement.ts';

export const identity: Replacement = ({ inputs, backend }) => {
  const { x } = inputs as unknown as { readonly x: TensorInfo };
  if (x.dtype === 'string') return null;
  (backend as unknown as WasmBackend).incRef(x.dataId);
  return { dataId: x.dataId, dtype: x.dtype, shape: x.shape };
};
