/** `Softmax` over the last axis. */
import { type SoftmaxAttrs, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { engineOf } from '../engine.ts';
import type { Replacement } from './replacement.ts';

export const softmax: Replacement = ({ inputs, backend, attrs }) => {
  const { logits } = inputs as unknown as { readonly logits: TensorInfo };
  const { dim } = attrs as unknown as SoftmaxAttrs;
  const { shape, dtype } = logits;
  if (dtype !== 'float32' || shape.length === 0 || shape.includes(0) || (dim !== -1 && dim !== shape.length - 1)) {
    return null;
  }
  const engine = engineOf(backend);
  const width = shape[shape.length - 1];
  const y = engine.output(shape);
  engine.kernels.softmaxRows(engine.address(y), engine.address(logits), util.sizeFromShape(shape) / width, width);
  return y;
};
