/** What a kernel of the engine is that has no counterpart in TensorFlow.js. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Engine } from '../engine.ts';

/** Computes new tensors from tensors by name. */
export type OwnKernel<Attributes> = (
  engine: Engine,
  inputs: Readonly<Record<string, TensorInfo>>,
  attributes: Attributes,
) => TensorInfo[];
