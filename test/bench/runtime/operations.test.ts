import { describe, expect, it } from 'vitest';
import { operations, workOf } from '../../../bench/runtime/operations.ts';
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

describe('workOf', () => {
  it('counts what the products of a transformer read and give, its weights of attention, and GELU', () => {
    const sizes = { hiddenSize: 8, layers: 2, heads: 2, feedForwardSize: 16 };
    const layers = transformerLayers({ vocabSize: 10, maxTokens: 5, numLabels: 3, ...sizes });
    expect(workOf(layers, 5)).toEqual({
      products: operations(layers, 5),
      outputs: 2 * 5 * (3 * 8 + 5 * 2 + 8 + 8 + 16 + 8) + 3,
      inputs: 2 * 5 * (8 + 3 * 8 + 8 + 8 + 16) + 8,
      weights: 2 * 2 * 5 * 5,
      gelus: 2 * 5 * 16,
    });
  });

  it('leaves depthwise convolutions out, and has nothing of attention where there is none', () => {
    expect(workOf(LAYERS, 5)).toEqual({
      products: 2 * (5 * 8 * 8 + 8 * 2),
      outputs: 5 * 8 + 2,
      inputs: 5 * 8 + 8,
      weights: 0,
      gelus: 0,
    });
  });
});
