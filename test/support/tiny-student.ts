/** The smallest student that has a padding tensor: the worked example of FORMAT.md. Every value is exact in f32. */
import type { StudentFile, Tensor } from '../../src/format/index.ts';

const int8 = (shape: readonly number[], values: readonly number[]): Tensor => ({
  dtype: 'I8',
  shape,
  data: Int8Array.from(values),
});

const float32 = (values: readonly number[]): Tensor => ({
  dtype: 'F32',
  shape: [values.length],
  data: Float32Array.from(values),
});

/** Four hashed ids, two channels, two labels; the last embedding row is a row of zeros. */
export const TINY_STUDENT: StudentFile = {
  spec: {
    name: 'tiny',
    family: 'static',
    task: { kind: 'classify', labels: ['ham', 'spam'], multiLabel: false },
    tokenizer: { kind: 'hashed', buckets: 4, wordNgrams: 1, charNgrams: null },
    maxCharacters: 64,
    maxTokens: 4,
    layers: [
      { kind: 'embedding', vocabSize: 4, hiddenSize: 2 },
      { kind: 'weightedMean', vocabSize: 4 },
      { kind: 'dense', inputSize: 2, outputSize: 2, activation: 'none' },
    ],
  },
  provenance: { metrics: { accuracy: 0.5 } },
  tensors: new Map([
    ['layers.0.weight', int8([4, 2], [127, -64, -127, 32, 16, 127, 0, 0])],
    ['layers.0.weight.scale', float32([0.0078125, 0.015625, 0.03125, 1])],
    ['layers.1.weight', float32([1, 0.5, 2, 1])],
    ['layers.2.bias', float32([0.25, -0.25])],
    ['layers.2.weight', int8([2, 2], [127, -127, -100, 50])],
    ['layers.2.weight.scale', float32([0.0078125, 0.015625])],
  ]),
};
