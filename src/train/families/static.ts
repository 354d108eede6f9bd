/**
 * The `static` family: one row a token id, a weighted mean, a small perceptron. Word order is lost, which suits hashed
 * n-grams; microseconds at run time (compare fastText, Joulin et al. 2016, arXiv:1607.01759).
 */
import type { LayerSpec } from '../../format/index.ts';

/** Sizes of a static student. */
export interface StaticSizes {
  /** Ids of the tokenizer. */
  readonly vocabSize: number;
  readonly numLabels: number;
  /** Width of the table; each id costs this many bytes in int8, and 8 more for its scale and its weight. Default 24. */
  readonly hiddenSize?: number;
  /** Width of the layer between mean and logits; 0 for none, a linear model. Default 32. */
  readonly perceptronSize?: number;
  /** Whether it reads two texts. Default false. */
  readonly readsPair?: boolean;
}

/** Layers of a static student; with the defaults and 8,192 ids about 265 KB in int8. */
export function staticLayers(sizes: StaticSizes): readonly LayerSpec[] {
  const { vocabSize, numLabels, hiddenSize = 24, perceptronSize = 32, readsPair = false } = sizes;
  const pooled: LayerSpec[] = [
    { kind: 'embedding', vocabSize, hiddenSize },
    { kind: 'weightedMean', vocabSize },
    ...(readsPair ? [{ kind: 'pairFeatures', hiddenSize } as const] : []),
  ];
  const inputSize = readsPair ? 4 * hiddenSize : hiddenSize;
  if (perceptronSize === 0) return [...pooled, { kind: 'dense', inputSize, outputSize: numLabels, activation: 'none' }];
  return [
    ...pooled,
    { kind: 'dense', inputSize, outputSize: perceptronSize, activation: 'relu' },
    { kind: 'dense', inputSize: perceptronSize, outputSize: numLabels, activation: 'none' },
  ];
}
