/** All trained tensors of a run in one vector, and back. */
import * as tf from '@tensorflow/tfjs-core';
import type { InitialTensor } from './student-network.ts';

/** Where each tensor lies in the vector. */
export interface ParameterLayout {
  readonly names: readonly string[];
  readonly shapes: readonly (readonly number[])[];
  /** Elements of each tensor; they follow each other in this order. */
  readonly sizes: readonly number[];
  /** Elements of all of them. */
  readonly size: number;
}

/** Lays tensors out one after the other. */
export function layOut(tensors: readonly InitialTensor[]): ParameterLayout {
  const sizes = tensors.map(({ values }) => values.length);
  return {
    names: tensors.map(({ name }) => name),
    shapes: tensors.map(({ shape }) => shape),
    sizes,
    size: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** @returns one array for each tensor, by name: views of `vector` */
export function splitArray({ names, sizes }: ParameterLayout, vector: Float32Array): Map<string, Float32Array> {
  const parts = new Map<string, Float32Array>();
  let offset = 0;
  for (const [i, name] of names.entries()) {
    parts.set(name, vector.subarray(offset, offset + sizes[i]));
    offset += sizes[i];
  }
  return parts;
}

/** @returns one tensor for each name, in order */
export function splitTensor({ shapes, sizes }: ParameterLayout, vector: tf.Tensor1D): tf.Tensor[] {
  return tf.tidy(() => tf.split(vector, [...sizes]).map((part, i) => tf.reshape(part, [...shapes[i]])));
}

/** The reverse of {@link splitTensor}. */
export function joinTensors(tensors: readonly tf.Tensor[]): tf.Tensor1D {
  return tf.concat1d(tensors.map((tensor) => tf.reshape(tensor, [-1]) as tf.Tensor1D));
}

/** @returns 1 for the elements of matrices, which weight decay shrinks, 0 for those of vectors (biases, norms) */
export function decayMask({ shapes, sizes, size }: ParameterLayout): Float32Array {
  const mask = new Float32Array(size);
  let offset = 0;
  for (const [i, shape] of shapes.entries()) {
    if (shape.length > 1) mask.fill(1, offset, offset + sizes[i]);
    offset += sizes[i];
  }
  return mask;
}
