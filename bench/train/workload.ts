/**
 * What is trained: one step of a network that classifies, the same numbers for every contestant: a transformer
 * (post-norm layers, GELU, positions, mean pooling) or the convolutional student; 6 classes, Adam, every sequence of one
 * length.
 */
import type { StudentSpec } from '../../src/format/index.ts';
import { CONV_STUDENT } from '../../src/train/config/presets.ts';
import { convLayers } from '../../src/train/families/conv.ts';
import { createRandom } from '../../src/train/random.ts';
import { initializeStudent, StudentNetwork } from '../../src/train/student-network.ts';
import type { EncoderSpec } from '../../src/train/teachers/encoder/encoder-spec.ts';
import { encoderTensors } from '../../src/train/teachers/encoder/encoder-tensors.ts';

interface Sizes {
  readonly batch: number;
  /** Tokens of a sequence. */
  readonly length: number;
}

/** A step of a transformer. */
export interface TransformerWorkload extends Sizes {
  readonly kind: 'transformer';
  readonly spec: EncoderSpec;
}

/** Sizes of the convolutional student. */
export interface ConvSpec {
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly blocks: number;
  readonly kernelSize: number;
}

/** A step of the convolutional student. */
export interface ConvWorkload extends Sizes {
  readonly kind: 'conv';
  readonly spec: ConvSpec;
}

/** A step by its sizes. */
export type Workload = TransformerWorkload | ConvWorkload;

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

/** The preset of the family, with a vocabulary of about the size that it has in the quickstart (4,037). */
const CONV: ConvSpec = {
  vocabSize: 4700,
  hiddenSize: CONV_STUDENT.hiddenSize,
  blocks: CONV_STUDENT.blocks,
  kernelSize: CONV_STUDENT.kernelSize,
};

/** By the name in the results. */
export const WORKLOADS = {
  'transformer-2x128': { kind: 'transformer', spec: SPEC, batch: 64, length: 32 },
  'minilm-finetune': { kind: 'transformer', spec: { ...MINILM, numPositions: 16 }, batch: 32, length: 16 },
  conv: { kind: 'conv', spec: CONV, batch: 32, length: CONV_STUDENT.maxTokens },
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

/** The convolutional student of a workload. */
export function convStudent({ spec }: ConvWorkload): StudentSpec {
  const { vocabSize } = spec;
  return {
    name: 'conv',
    family: 'conv',
    task: { kind: 'classify', labels: Array.from({ length: CLASSES }, (_, i) => String(i)), multiLabel: false },
    tokenizer: { kind: 'hashed', buckets: vocabSize, wordNgrams: 1, charNgrams: null },
    maxCharacters: CONV_STUDENT.maxCharacters,
    maxTokens: CONV_STUDENT.maxTokens,
    layers: convLayers({ ...spec, numLabels: CLASSES, pooling: CONV_STUDENT.pooling }),
  };
}

/** Every parameter: of a transformer drawn as BERT's (words, positions, layers, head), of a student as it begins. */
export function drawParameters(work: Workload): readonly Parameter[] {
  const random = createRandom(1);
  if (work.kind === 'conv') {
    const spec = convStudent(work);
    const values = initializeStudent(spec, random);
    const { tables, tensors } = new StudentNetwork({ spec, tokenizerTensors: new Map() });
    return [...tables, ...tensors].map(({ name, shape }) => ({ name, shape, values: values.get(name)! }));
  }
  const head = [
    { name: 'head.weight', shape: [CLASSES, work.spec.hiddenSize] },
    { name: 'head.bias', shape: [CLASSES] },
  ];
  return [...encoderTensors(work.spec), ...head].map(({ name, shape }) => {
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

/** Floating-point operations of the products and convolutions of a step: forward once, backward twice. */
export function stepOperations(work: Workload): number {
  const rows = work.batch * work.length;
  if (work.kind === 'conv') {
    const { hiddenSize, kernelSize, blocks } = work.spec;
    return 3 * blocks * 2 * rows * hiddenSize * (hiddenSize + kernelSize);
  }
  const { hiddenSize, innerSize, numLayers } = work.spec;
  const dense = 4 * hiddenSize * hiddenSize + 2 * hiddenSize * innerSize;
  return 3 * numLayers * (2 * rows * dense + 4 * rows * work.length * hiddenSize);
}
