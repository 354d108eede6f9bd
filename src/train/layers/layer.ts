/**
 * What a trainable layer is: the differentiable twin of the runtime's layer of the same kind. It reads a padded batch;
 * positions behind the end of a text hold numbers that mean nothing, and a layer that lets positions meet (pooling,
 * convolution) masks them, so that a text gets the same result in any batch.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Area, LayerSpec } from '../../format/index.ts';
import type { Dropout } from '../network.ts';
import { gatherRows } from '../ops/gather-rows.ts';
import type { Random } from '../random.ts';
import type { TokenBatch } from '../token-batch.ts';

/** The value between two layers. */
export type Flow =
  | { readonly kind: 'tokens' }
  /** One row of `table` a token, not yet copied out: a pooling layer that follows may read the rows in place. */
  | { readonly kind: 'lookup'; readonly table: tf.Tensor2D }
  /** One vector a position, `[batch * length, width]`. */
  | { readonly kind: 'sequence'; readonly values: tf.Tensor2D }
  /** One vector a text, `[batch, width]`. */
  | { readonly kind: 'vector'; readonly values: tf.Tensor2D }
  /** One vector a pixel, `[batch * height * width, channels]`. */
  | { readonly kind: 'image'; readonly values: tf.Tensor2D; readonly area: Area };

/** A flow that has left the tokens behind. */
export type ValueFlow = Extract<Flow, { readonly kind: 'sequence' | 'vector' }>;

/** The flow of an image. */
export type ImageFlow = Extract<Flow, { readonly kind: 'image' }>;

/** The trained tensors below one name, e.g. those of `layers.1`. */
export interface LayerParameters {
  /** @param name within the layer, e.g. `weight` */
  tensor<T extends tf.Tensor>(name: string): T;
  /** @returns the parameters of layer `index` of a nested chain */
  nested(index: number): LayerParameters;
}

/** What a layer may read beside its input. */
export interface ForwardContext {
  readonly batch: TokenBatch;
  /** Of the probabilities of attention; null for evaluation. */
  readonly dropout: Dropout | null;
  /** Runs a nested chain. */
  chain(layers: readonly LayerSpec[], parameters: LayerParameters, input: Flow): Flow;
}

/** The differentiable twin of one layer kind. */
export interface TrainableLayer<Spec extends LayerSpec> {
  /** @returns the first value of each trained tensor by its name in the layer; shapes are those of `LAYER_RULES` */
  initialize(spec: Spec, random: Random): Readonly<Record<string, Float32Array>>;
  forward(spec: Spec, parameters: LayerParameters, input: Flow, context: ForwardContext): Flow;
  /** Turns a trained tensor into what the file holds; absent where they are the same. */
  exported?(values: Float32Array): Float32Array;
}

/** Copies the rows of a lookup out; other values stay as they are. The format guarantees that tokens never get here. */
export function valuesOf(flow: Flow, batch: TokenBatch): ValueFlow {
  if (flow.kind === 'lookup') return { kind: 'sequence', values: gatherRows(flow.table, batch.ids) };
  return flow as ValueFlow;
}
