import { describe, expect, it } from 'vitest';
import { exponentials, operations } from '../../../bench/runtime/operations.ts';
import type { LayerSpec } from '../../../src/format/index.ts';
import { transformerLayers } from '../../../src/train/families/transformer.ts';

const LAYERS: readonly LayerSpec[] = [
  { kind: 'embedding', vocabSize: 100, hiddenSize: 8 },
  {
    kind: 'residual',
    layers: [
      { kind: 'depthwiseConv', channels: 8, kernelSize: 3, activation: 'none' },
      { kind: 'dense', inputSize: 8, outputSize: 8, activation: 'relu' },
    ],
  },
  { kind: 'maxPool' },
  { kind: 'dense', inputSize: 8, outputSize: 2, activation: 'none' },
];

describe('operations', () => {
  it('counts two for each weight of a product or convolution and each position, one position behind the pooling', () => {
    expect(operations(LAYERS, 5)).toBe(2 * (5 * (8 * 3 + 8 * 8) + 8 * 2));
  });

  it('counts projections and attention for each token of a transformer, and its last product once', () => {
    const [hiddenSize, feedForwardSize, seqLen] = [8, 16, 5];
    const sizes = { hiddenSize, layers: 2, heads: 2, feedForwardSize };
    const layers = transformerLayers({ vocabSize: 10, maxTokens: seqLen, numLabels: 3, ...sizes });
    const projections = 2 * hiddenSize * (4 * hiddenSize + 2 * feedForwardSize);
    const attention = 2 * 2 * seqLen * hiddenSize;
    expect(operations(layers, seqLen)).toBe(2 * seqLen * (projections + attention) + 2 * hiddenSize * 3);
  });
});

describe('exponentials', () => {
  it('counts one for each score of each head, and for each element of SiLU', () => {
    const sizes = { hiddenSize: 8, layers: 2, heads: 2, feedForwardSize: 16 };
    const layers = transformerLayers({ vocabSize: 10, maxTokens: 5, numLabels: 3, ...sizes });
    expect(exponentials(layers, 5)).toBe(2 * 2 * 5 * 5);
    const silu: LayerSpec = { kind: 'dense', inputSize: 8, outputSize: 16, activation: 'silu' };
    expect(exponentials([silu, ...layers], 5)).toBe(5 * 16 + 2 * 2 * 5 * 5);
    expect(exponentials(LAYERS, 5)).toBe(0);
  });
});
