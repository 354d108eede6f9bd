import { describe, expect, it } from 'vitest';
import { operations } from '../../../bench/runtime/operations.ts';
import type { LayerSpec } from '../../../src/format/index.ts';

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
});
