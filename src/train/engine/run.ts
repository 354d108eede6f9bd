/** The way from an operation to a kernel of the engine. */
import * as tf from '@tensorflow/tfjs-core';
import type { OwnAttributes } from './own-kernels.ts';

/** Whether the current backend has a kernel of the engine; where not, compose standard operations. */
export function hasKernel(name: keyof OwnAttributes): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/**
 * Runs a kernel of the engine on the current backend, which has it. It has no gradient of its own: call it in a custom
 * gradient.
 */
export function runKernel<Name extends keyof OwnAttributes>(
  name: Name,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: OwnAttributes[Name],
): tf.Tensor[] {
  return tf.engine().runKernel(name, { ...inputs }, attributes as unknown as tf.NamedAttrMap) as tf.Tensor[];
}
