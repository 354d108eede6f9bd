/** An encoder as a differentiable function from tokens to vectors: post-norm layers over texts that follow each other. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Dropout } from '../../network.ts';
import { type AttentionDropout, attention } from '../../ops/attention.ts';
import { activate, multiplyByConstant, sum } from '../../ops/elementwise.ts';
import { gatherRows } from '../../ops/gather-rows.ts';
import { layerNorm } from '../../ops/layer-norm.ts';
import { linear } from '../../ops/linear.ts';
import type { EncoderSpec } from './encoder-spec.ts';
import type { RaggedBatch } from './ragged-batch.ts';

/** Tensors by name, as `encoderTensors` names and shapes them; of the table of words any rows that the batch counts. */
export type EncoderTensors = ReadonlyMap<string, tf.Tensor>;

/**
 * Runs an encoder; call it inside `tf.tidy` or a gradient.
 *
 * @param dropout of the embeddings, of attention, and of what each block adds to its input; null for evaluation
 * @returns a vector a token, `[tokens, hiddenSize]`
 */
export function encodeTokens(
  spec: EncoderSpec,
  tensors: EncoderTensors,
  batch: RaggedBatch,
  dropout: Dropout | null,
): tf.Tensor2D {
  let x = embed(spec, tensors, batch);
  if (dropout !== null) x = dropOut(x, dropout);
  for (let layer = 0; layer < spec.numLayers; layer++) {
    const name = `layers.${layer}`;
    const qkv = affine(tensors, `${name}.attention.qkv`, x);
    const attended = attention(qkv, spec.numHeads, batch.offsets, attentionDropout(dropout));
    const mixed = affine(tensors, `${name}.attention.output`, attended);
    x = addAndNormalize(spec, tensors, `${name}.attention.norm`, x, mixed, dropout);
    const inner = activate(affine(tensors, `${name}.feedForward.inner`, x), spec.activation);
    const outer = affine(tensors, `${name}.feedForward.outer`, inner);
    x = addAndNormalize(spec, tensors, `${name}.feedForward.norm`, x, outer, dropout);
  }
  return x;
}

function attentionDropout(dropout: Dropout | null): AttentionDropout {
  return dropout === null ? { rate: 0, seed: 0 } : { rate: dropout.rate, seed: dropout.random.uint32() };
}

function embed(spec: EncoderSpec, tensors: EncoderTensors, { ids, positions }: RaggedBatch): tf.Tensor2D {
  const rows = (table: string, from: Int32Array): tf.Tensor2D => {
    return gatherRows(tensors.get(`embeddings.${table}`) as tf.Tensor2D, from);
  };
  const places = positions.map((position) => position + spec.firstPosition);
  let x = sum(rows('words', ids), rows('positions', places));
  // Every token of a single text is of the first type.
  if (spec.numTypes > 0) x = sum(x, rows('types', new Int32Array(ids.length)));
  return normalize(spec, tensors, 'embeddings.norm', x);
}

function addAndNormalize(
  spec: EncoderSpec,
  tensors: EncoderTensors,
  name: string,
  x: tf.Tensor2D,
  change: tf.Tensor2D,
  dropout: Dropout | null,
): tf.Tensor2D {
  const added = sum(x, dropout === null ? change : dropOut(change, dropout));
  return normalize(spec, tensors, name, added);
}

function normalize({ epsilon }: EncoderSpec, tensors: EncoderTensors, name: string, x: tf.Tensor2D): tf.Tensor2D {
  const [weight, bias] = [`${name}.weight`, `${name}.bias`].map((tensor) => tensors.get(tensor) as tf.Tensor1D);
  return layerNorm(x, weight, bias, epsilon);
}

/** `x W^T + b` with the weight and bias of `name`. */
export function affine(tensors: EncoderTensors, name: string, x: tf.Tensor2D): tf.Tensor2D {
  return linear(x, tensors.get(`${name}.weight`) as tf.Tensor2D, tensors.get(`${name}.bias`) as tf.Tensor1D);
}

/** Drops some numbers of `x`. */
export function dropOut(x: tf.Tensor2D, { rate, random }: Dropout): tf.Tensor2D {
  return multiplyByConstant(x, random.dropoutMask(x.size, rate));
}
