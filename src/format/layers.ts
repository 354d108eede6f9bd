/**
 * The layer kinds of a student, as plain data. A student is a chain of layers; each reads the value that the layer
 * before it wrote. Two tables say everything a reader needs to check a chain without knowing how a layer computes:
 * the union `LayerSpec` (what is written in the file) and `LAYER_RULES` (which fields must hold, which tensors belong
 * to it, what it reads and writes).
 *
 * A new kind is one interface, one entry here, `runtime/layers/<kind>.ts` and `train/layers/<kind>.ts`.
 */

import type { FieldRule, FieldRules } from './fields.ts';
import { maxTokens, vocabSize } from './tokenizers.ts';

/** Elementwise function that a layer applies to its output. */
export type Activation = 'none' | 'relu' | 'gelu' | 'silu';

/** What patches see at the edge of an image: zeros around it, so that they are `ceil(size / stride)`, or none. */
export type Padding = 'same' | 'valid';

/** Looks up one row a token: tokens `[seqLen]` -> sequence `[seqLen, hiddenSize]`. */
export interface EmbeddingSpec {
  readonly kind: 'embedding';
  readonly vocabSize: number;
  readonly hiddenSize: number;
}

/** Adds a learned row a place (Vaswani et al. 2017, arXiv:1706.03762): sequence `[seqLen, n]` -> the same. */
export interface PositionSpec {
  readonly kind: 'position';
  /** Rows there are: the most tokens of the student. */
  readonly maxTokens: number;
  readonly hiddenSize: number;
}

/** Mean over tokens, weighted by one learned non-negative number a token id: sequence `[seqLen, n]` -> vector `[n]`. */
export interface WeightedMeanSpec {
  readonly kind: 'weightedMean';
  readonly vocabSize: number;
}

/** Largest value of each channel over the tokens: sequence `[seqLen, n]` -> vector `[n]`. */
export interface MaxPoolSpec {
  readonly kind: 'maxPool';
}

/**
 * Mean over tokens, weighted by the softmax of their products with one learned vector (Yang et al. 2016, NAACL):
 * sequence `[seqLen, n]` -> vector `[n]`.
 */
export interface AttentionPoolSpec {
  readonly kind: 'attentionPool';
  readonly hiddenSize: number;
}

/** `activation(x W^T + b)` on a vector, or on each position of a sequence (a pointwise convolution). */
export interface DenseSpec {
  readonly kind: 'dense';
  readonly inputSize: number;
  readonly outputSize: number;
  readonly activation: Activation;
}

/**
 * Joins the vectors of the two texts of a pair, `u` of the first and `v` of the second, to `[u; v; |u - v|; u * v]`
 * (Conneau et al. 2017, arXiv:1705.02364): vector `[n]` a text -> vector `[4 * n]` a pair. What stands before it runs on
 * each text.
 */
export interface PairFeaturesSpec {
  readonly kind: 'pairFeatures';
  readonly hiddenSize: number;
}

/**
 * 2-d convolution: image `[height, width, inputChannels]` -> image of `outputChannels`. A patch of
 * `kernelSize * kernelSize` pixels at a time goes through `activation(x W^T + b)`, as through a `dense`.
 */
export interface Conv2dSpec {
  readonly kind: 'conv2d';
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Height and width of a patch. */
  readonly kernelSize: number;
  /** Pixels from one patch to the next, down and right. */
  readonly stride: number;
  readonly padding: Padding;
  readonly activation: Activation;
}

/** Largest value of each channel in squares of an image: image -> smaller image of the same channels. */
export interface MaxPool2dSpec {
  readonly kind: 'maxPool2d';
  /** Height and width of a square. */
  readonly kernelSize: number;
  readonly stride: number;
}

/** The values of an image as one vector, row by row, pixel by pixel, channel by channel. */
export interface FlattenSpec {
  readonly kind: 'flatten';
}

/** Layer normalization (Ba et al. 2016, arXiv:1607.06450) of a vector, or of each position of a sequence. */
export interface LayerNormSpec {
  readonly kind: 'layerNorm';
  readonly hiddenSize: number;
  readonly epsilon: number;
}

/** Depthwise 1-d convolution over a sequence, stride 1, zero padding that keeps the length; `kernelSize` is odd. */
export interface DepthwiseConvSpec {
  readonly kind: 'depthwiseConv';
  readonly channels: number;
  readonly kernelSize: number;
  readonly activation: Activation;
}

/**
 * Scaled dot-product self-attention of several heads (Vaswani et al. 2017, arXiv:1706.03762): query, key and value side
 * by side, sequence `[seqLen, 3 * n]` -> `[seqLen, n]`. The projections are `dense` layers before and behind it.
 */
export interface AttentionSpec {
  readonly kind: 'attention';
  /** Width of query, key, value and output. */
  readonly hiddenSize: number;
  /** Four times this divides `hiddenSize`; the heads lie side by side in each part. */
  readonly heads: number;
}

/** `x + f(x)`, where `f` is a chain of layers that keeps the shape (He et al. 2015, arXiv:1512.03385). */
export interface ResidualSpec {
  readonly kind: 'residual';
  readonly layers: readonly LayerSpec[];
}

/** One layer of a student, told apart by `kind`. */
export type LayerSpec =
  | EmbeddingSpec
  | PositionSpec
  | WeightedMeanSpec
  | MaxPoolSpec
  | AttentionPoolSpec
  | DenseSpec
  | LayerNormSpec
  | DepthwiseConvSpec
  | AttentionSpec
  | ResidualSpec
  | PairFeaturesSpec
  | Conv2dSpec
  | MaxPool2dSpec
  | FlattenSpec;

/** Name of a layer kind. */
export type LayerKind = LayerSpec['kind'];

/** What flows between layers: token ids, one vector a token, one vector a text, or one vector a pixel. */
export type FlowKind = 'tokens' | 'sequence' | 'vector' | 'image';

/** Everything the reader checks about one layer kind. */
export interface LayerRule {
  readonly fields?: FieldRules;
  /**
   * The tensors that belong to it, by name; the dimensions of each are fields of the layer. One of several dimensions is
   * F32, or quantized with a companion `<name>.scale`; a vector is F32.
   */
  readonly tensors?: Readonly<Record<string, readonly string[]>>;
  /** The flows it can read. */
  readonly reads: FlowKind | readonly FlowKind[];
  /** The flow it writes; the one that it read where it is left out. */
  readonly writes?: FlowKind;
  /** The field that must equal the width of what it reads; any width will do where it is left out. */
  readonly inputWidth?: string;
  /** How many times that width it reads, side by side; once where it is left out. */
  readonly inputParts?: number;
  /** The field that gives the width of what it writes; the width stays where it is left out. */
  readonly outputWidth?: string;
  /** How many times that width it writes, side by side; once where it is left out. */
  readonly outputParts?: number;
}

/** Values of a row in memory: whole registers of 4, zeros behind the last value. */
export function alignedWidth(width: number): number {
  return (width + 3) & ~3;
}

/** Widest layer. Bounds the activations that one token can ask for. */
export const MAX_WIDTH = 4096;
/** Widest depthwise kernel, in tokens. */
export const MAX_KERNEL_SIZE = 63;
/** Largest patch of an image, in pixels a side. */
export const MAX_PATCH_SIZE = 15;
/** Most heads of an attention. */
export const MAX_HEADS = 64;
/** Deepest nesting of `residual`. */
export const MAX_LAYER_DEPTH = 4;
/** Most layers of a student, nested ones counted. */
export const MAX_LAYERS = 256;

const width: FieldRule = { type: 'integer', min: 1, max: MAX_WIDTH };
const patch: FieldRule = { type: 'integer', min: 1, max: MAX_PATCH_SIZE };
const activation: FieldRule = { type: 'choice', of: ['none', 'relu', 'gelu', 'silu'] };

/** The rules of every layer kind; see {@link LayerRule}. */
export const LAYER_RULES: { readonly [K in LayerKind]: LayerRule } = {
  embedding: {
    fields: { vocabSize, hiddenSize: width },
    tensors: { weight: ['vocabSize', 'hiddenSize'] },
    reads: 'tokens',
    writes: 'sequence',
    outputWidth: 'hiddenSize',
  },
  position: {
    fields: { maxTokens, hiddenSize: width },
    tensors: { weight: ['maxTokens', 'hiddenSize'] },
    reads: 'sequence',
    inputWidth: 'hiddenSize',
  },
  weightedMean: {
    fields: { vocabSize },
    tensors: { weight: ['vocabSize'] },
    reads: 'sequence',
    writes: 'vector',
  },
  maxPool: {
    reads: 'sequence',
    writes: 'vector',
  },
  attentionPool: {
    fields: { hiddenSize: width },
    tensors: { query: ['hiddenSize'] },
    reads: 'sequence',
    writes: 'vector',
    inputWidth: 'hiddenSize',
  },
  dense: {
    fields: { inputSize: width, outputSize: width, activation },
    tensors: {
      weight: ['outputSize', 'inputSize'],
      bias: ['outputSize'],
    },
    reads: ['sequence', 'vector'],
    inputWidth: 'inputSize',
    outputWidth: 'outputSize',
  },
  layerNorm: {
    fields: { hiddenSize: width, epsilon: { type: 'number', min: 1e-12, max: 1 } },
    tensors: {
      weight: ['hiddenSize'],
      bias: ['hiddenSize'],
    },
    reads: ['sequence', 'vector'],
    inputWidth: 'hiddenSize',
  },
  depthwiseConv: {
    fields: {
      channels: width,
      kernelSize: { type: 'integer', min: 1, max: MAX_KERNEL_SIZE, odd: true },
      activation,
    },
    tensors: {
      weight: ['channels', 'kernelSize'],
      bias: ['channels'],
    },
    reads: 'sequence',
    inputWidth: 'channels',
  },
  attention: {
    fields: { hiddenSize: width, heads: { type: 'integer', min: 1, max: MAX_HEADS } },
    reads: 'sequence',
    inputWidth: 'hiddenSize',
    inputParts: 3,
    outputWidth: 'hiddenSize',
  },
  residual: {
    fields: { layers: { type: 'nested' } },
    reads: ['sequence', 'vector'],
  },
  pairFeatures: {
    fields: { hiddenSize: width },
    reads: 'vector',
    writes: 'vector',
    inputWidth: 'hiddenSize',
    outputParts: 4,
  },
  conv2d: {
    fields: {
      inputChannels: width,
      outputChannels: width,
      kernelSize: patch,
      stride: patch,
      padding: { type: 'choice', of: ['same', 'valid'] },
      activation,
    },
    tensors: {
      weight: ['outputChannels', 'kernelSize', 'kernelSize', 'inputChannels'],
      bias: ['outputChannels'],
    },
    reads: 'image',
    inputWidth: 'inputChannels',
    outputWidth: 'outputChannels',
  },
  maxPool2d: {
    fields: { kernelSize: patch, stride: patch },
    reads: 'image',
  },
  flatten: {
    reads: 'image',
    writes: 'vector',
  },
};
