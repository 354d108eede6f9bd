/**
 * What is trained: one step of a transformer that classifies, the same numbers for every contestant. Post-norm layers,
 * GELU, positions, mean pooling, 6 classes, Adam; every sequence of one length.
 */
import { createRandom } from '../../src/train/random.ts';
import type { EncoderSpec } from '../../src/train/teachers/encoder/encoder-spec.ts';
import { encoderTensors } from '../../src/train/teachers/encoder/encoder-tensors.ts';

/** A step by its sizes. */
export interface Workload {
  readonly spec: EncoderSpec;
  readonly batch: number;
  /** Tokens of a sequence. */
  readonly length: number;
}

/** Two layers of 128, 4 heads, feed-forward 256, 8,000 words. */
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

/** all-MiniLM-L6-v2's sizes; of its 512 positions as many as the sequences have. */
const MINILM: EncoderSpec = {
  ...SPEC,
  vocabSize: 30_522,
  hiddenSize: 384,
  innerSize: 1536,
  numLayers: 6,
  numHeads: 12,
  epsilon: 1e-12,
};

/** By the name in the results. */
export const WORKLOADS = {
  'transformer-2x128': { spec: SPEC, batch: 64, length: 32 },
  'minilm-finetune': { spec: { ...MINILM, numPositions: 16 }, batch: 32, length: 16 },
} as const satisfies Readonly<Record<string, Workload>>;

/** Which step. */
export type WorkloadName = keyof typeof WORKLOADS;

export const CLASSES = 6;
export const LEARNING_RATE = 1e-3;

/** A tensor with its first values. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Every parameter, drawn as BERT's: the table of words, positions, layers, head. */
export function drawParameters({ spec }: Workload): readonly Parameter[] {
  const random = createRandom(1);
  const head = [
    { name: 'head.weight', shape: [CLASSES, spec.hiddenSize] },
    { name: 'head.bias', shape: [CLASSES] },
  ];
  return [...encoderTensors(spec), ...head].map(({ name, shape }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    if (name.endsWith('norm.weight')) return { name, shape, values: new Float32Array(size).fill(1) };
    return { name, shape, values: random.normals(size, name.endsWith('bias') ? 0 : 0.05) };
  });
}

/** The one batch that every step reads: `ids` `[batch, length]` and a label a row. */
export function drawBatch({ spec, batch, length }: Workload): {
  readonly ids: Int32Array;
  readonly labels: Int32Array;
} {
  const random = createRandom(2);
  // Few words are frequent and many rare, as in text.
  const ids = Int32Array.from({ length: batch * length }, () => Math.floor(spec.vocabSize * random.uniform() ** 3));
  return { ids, labels: Int32Array.from({ length: batch }, (_, i) => (ids[i * length] + i) % CLASSES) };
}

/** Floating-point operations of the products of a step: forward once, backward twice. */
export function stepOperations({ spec, batch, length }: Workload): number {
  const { hiddenSize, innerSize, numLayers } = spec;
  const rows = batch * length;
  const dense = 4 * hiddenSize * hiddenSize + 2 * hiddenSize * innerSize;
  return 3 * numLayers * (2 * rows * dense + 4 * rows * length * hiddenSize);
}
