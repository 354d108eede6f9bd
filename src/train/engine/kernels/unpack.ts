/** `Unpack` (`tf.unstack`): each part is copied in whole runs. */
import { type TensorInfo, type UnpackAttrs, util } from '@tensorflow/tfjs-core';
import { engineOf } from '../engine.ts';
import type { Replacement } from './replacement.ts';

export const unpack: Replacement = ({ inputs, backend, attrs }) => {
  const { value } = inputs as unknown as { readonly value: TensorInfo };
  const { shape, dtype } = value;
  if ((dtype !== 'float32' && dtype !== 'int32') || shape.includes(0)) return null;
  const { axis: given } = attrs as unknown as UnpackAttrs;
  const axis = given < 0 ? given + shape.length : given;
  const outer = util.sizeFromShape(shape.slice(0, axis));
  const inner = util.sizeFromShape(shape.slice(axis + 1));
  const engine = engineOf(backend);
  const partShape = [...shape.slice(0, axis), ...shape.slice(axis + 1)];
  return Array.from({ length: shape[axis] }, (_, i) => {
    const part = engine.output(partShape, dtype);
    const from = engine.address(value) + 4 * i * inner;
    engine.kernels.copyRows(engine.address(part), 4 * inner, from, 4 * inner * shape[axis], outer, inner);
    return part;
  });
};
