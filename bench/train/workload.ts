/**
 * The work of `transformer-2x128`: one training step of a small classifier, the same numbers for every contestant. Two
 * post-norm layers of 128, 4 heads, feed-forward 256 with GELU, 8,000 words, positions, mean pooling, 6 classes; batch
 * 64, sequences of 32, Adam.
 */
import { createRandom } from '../../src/train/random.ts';
import type { EncoderSpec } from '../../src/train/teachers/encoder/encoder-spec.ts';
import { encoderTensors } from '../../src/train/teachers/encoder/encoder-tensors.ts';

export const SPEC: EncoderSpec = {
  architecture: 'bert',
  vocabSize: 8000,
  hiddenSize: 128,
  innerSize: 256,
  numLayers: 2,
  numHeads: 4,
  numPositions: 32,
  firstPosition: 0,
  numTypes: 0,
  epsilon: 1e-5,
  activation: 'gelu',
  labels: [],
};

export const BATCH = 64;
export const LENGTH = 32;
export const CLASSES = 6;
export const LEARNING_RATE = 1e-3;

/** A tensor with its first values. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Every parameter, drawn as BERT's: the table of words, positions, layers, head. */
export function drawParameters(): readonly Parameter[] {
  const random = createRandom(1);
  const head = [
    { name: 'head.weight', shape: [CLASSES, SPEC.hiddenSize] },
    { name: 'head.bias', shape: [CLASSES] },
  ];
  return [...encoderTensors(SPEC), ...head].map(({ name, shape }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    if (name.endsWith('norm.weight')) return { name, shape, values: new Float32Array(size).fill(1) };
    return { name, shape, values: random.normals(size, name.endsWith('bias') ? 0 : 0.05) };
  });
}

/** The one batch that every step reads: `ids` `[batch, length]` and a label a row. */
export function drawBatch(): { readonly ids: Int32Array; readonly labels: Int32Array } {
  const random = createRandom(2);
  // Few words are frequent and many rare, as in text.
  const ids = Int32Array.from({ length: BATCH * LENGTH }, () => Math.floor(SPEC.vocabSize * random.uniform() ** 3));
  return { ids, labels: Int32Array.from({ length: BATCH }, (_, i) => (ids[i * LENGTH] + i) % CLASSES) };
}

/** Floating-point operations of the products of a step: forward once, backward twice. */
export function stepOperations(): number {
  const { hiddenSize, innerSize, numLayers } = SPEC;
  const rows = BATCH * LENGTH;
  const dense = 4 * hiddenSize * hiddenSize + 2 * hiddenSize * innerSize;
  return 3 * numLayers * (2 * rows * dense + 4 * rows * LENGTH * hiddenSize);
}
