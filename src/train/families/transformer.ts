/**
 * The `transformer` family: self-attention over the tokens (Vaswani et al. 2017, arXiv:1706.03762), each block
 * normalized first and added to what it read (pre-norm, Xiong et al. 2020, arXiv:2002.04745). Every token sees every
 * other one.
 */
import type { LayerSpec } from '../../format/index.ts';
import { headLayers } from './head.ts';

/** Sizes of a transformer student. */
export interface TransformerSizes {
  /** Ids of the tokenizer. */
  readonly vocabSize: number;
  /** Most tokens of a text; each has a row of its own, as wide as the model. */
  readonly maxTokens: number;
  readonly numLabels: number;
  /** Width of the table and of every layer; each id costs this many bytes in int8, and 4 for its scale. Default 128. */
  readonly hiddenSize?: number;
  /** Layers of one attention and one feed-forward block. Default 2. */
  readonly layers?: number;
  /** Heads of an attention; `hiddenSize` is a multiple of 4 times as many. Default 4. */
  readonly heads?: number;
  /** Width inside a feed-forward block. Default 256. */
  readonly feedForwardSize?: number;
  /** How a text becomes one vector; `weightedMean` costs 4 bytes an id, `none` keeps one a token. Default `attentionPool`. */
  readonly pooling?: 'attentionPool' | 'maxPool' | 'weightedMean' | 'none';
  /** Whether it reads two texts. Default false. */
  readonly readsPair?: boolean;
}

function dense(inputSize: number, outputSize: number, activation: 'none' | 'gelu' = 'none'): LayerSpec {
  return { kind: 'dense', inputSize, outputSize, activation };
}

/** Layers of a transformer student; with the defaults, 2,000 pieces and 64 tokens about 570 KB in int8. */
export function transformerLayers(sizes: TransformerSizes): readonly LayerSpec[] {
  const { vocabSize, maxTokens, numLabels, hiddenSize = 128, layers = 2, heads = 4 } = sizes;
  const { feedForwardSize = 256, pooling = 'attentionPool', readsPair = false } = sizes;
  const norm: LayerSpec = { kind: 'layerNorm', hiddenSize, epsilon: 1e-5 };
  const attention: LayerSpec[] = [
    dense(hiddenSize, 3 * hiddenSize),
    { kind: 'attention', hiddenSize, heads },
    dense(hiddenSize, hiddenSize),
  ];
  const feedForward = [dense(hiddenSize, feedForwardSize, 'gelu'), dense(feedForwardSize, hiddenSize)];
  const blocks = [attention, feedForward].map((block): LayerSpec => ({ kind: 'residual', layers: [norm, ...block] }));
  const pools: Record<typeof pooling, readonly LayerSpec[]> = {
    attentionPool: [{ kind: 'attentionPool', hiddenSize }],
    maxPool: [{ kind: 'maxPool' }],
    weightedMean: [{ kind: 'weightedMean', vocabSize }],
    none: [],
  };
  return [
    { kind: 'embedding', vocabSize, hiddenSize },
    { kind: 'position', maxTokens, hiddenSize },
    ...Array.from({ length: layers }, () => blocks).flat(),
    norm,
    ...pools[pooling],
    ...headLayers(hiddenSize, numLabels, readsPair),
  ];
}
