/**
 * The `conv` family: depthwise-separable convolutions over the tokens (Kaiser et al. 2017, arXiv:1706.03059), each
 * block normalized first and added to what it read. Sees word order within its receptive field of
 * `blocks * (kernelSize - 1) + 1` tokens.
 */
import type { LayerSpec } from '../../format/index.ts';
import { headLayers } from './head.ts';

/** Sizes of a convolutional student. */
export interface ConvSizes {
  /** Ids of the tokenizer. */
  readonly vocabSize: number;
  readonly numLabels: number;
  /** Width of the table and of every block; each id costs this many bytes in int8, and 4 for its scale. Default 32. */
  readonly hiddenSize?: number;
  /** Default 2. */
  readonly blocks?: number;
  /** Tokens that one block sees at once, odd. Default 5. */
  readonly kernelSize?: number;
  /** How a text becomes one vector; `weightedMean` costs 4 bytes an id, `none` keeps one a token. Default `weightedMean`. */
  readonly pooling?: 'maxPool' | 'weightedMean' | 'none';
  /** Whether it reads two texts. Default false. */
  readonly readsPair?: boolean;
}

function block(channels: number, kernelSize: number): LayerSpec {
  return {
    kind: 'residual',
    layers: [
      { kind: 'layerNorm', hiddenSize: channels, epsilon: 1e-5 },
      { kind: 'depthwiseConv', channels, kernelSize, activation: 'none' },
      { kind: 'dense', inputSize: channels, outputSize: channels, activation: 'relu' },
    ],
  };
}

/** Layers of a convolutional student; with the defaults and 6,000 pieces about 290 KB in int8, vocabulary included. */
export function convLayers(sizes: ConvSizes): readonly LayerSpec[] {
  const { vocabSize, numLabels, hiddenSize = 32, blocks = 2, kernelSize = 5 } = sizes;
  const { pooling = 'weightedMean', readsPair = false } = sizes;
  const pools: Record<typeof pooling, readonly LayerSpec[]> = {
    maxPool: [{ kind: 'maxPool' }],
    weightedMean: [{ kind: 'weightedMean', vocabSize }],
    none: [],
  };
  return [
    { kind: 'embedding', vocabSize, hiddenSize },
    ...Array.from({ length: blocks }, () => block(hiddenSize, kernelSize)),
    ...pools[pooling],
    { kind: 'layerNorm', hiddenSize, epsilon: 1e-5 },
    ...headLayers(hiddenSize, numLabels, readsPair),
  ];
}
