/** Defaults of the student families. Those of `static` and `conv` were chosen on the dev set of the quickstart and of nothing else. */
import type { Family } from '../../format/index.ts';
import type { TrainingSpec } from '../training-run.ts';

/** Sizes of a static student that fit 300 KB. */
export const STATIC_STUDENT = {
  maxCharacters: 1000,
  maxTokens: 512,
  buckets: 8192,
  wordNgrams: 2,
  charNgrams: null,
  hiddenSize: 24,
  perceptronSize: 32,
} as const;

/** Sizes of a convolutional student that fit 300 KB. */
export const CONV_STUDENT = {
  maxCharacters: 400,
  maxTokens: 64,
  maxPieces: 4000,
  hiddenSize: 32,
  blocks: 2,
  kernelSize: 5,
  pooling: 'weightedMean',
} as const;

/** Sizes of a transformer student of about 570 KB. */
export const TRANSFORMER_STUDENT = {
  maxCharacters: 400,
  maxTokens: 64,
  maxPieces: 2000,
  hiddenSize: 128,
  layers: 2,
  heads: 4,
  feedForwardSize: 256,
  pooling: 'attentionPool',
} as const;

/** Sizes of an image student of about 10 KB for images of 28 x 28 pixels. */
export const IMAGE_STUDENT = { filters: [8, 16], kernelSize: 3, perceptronSize: 0 } as const;

const TRAINING: Omit<TrainingSpec, 'seed'> = {
  objective: {
    modelWeight: { kind: 'constant', value: 0.5 },
    alpha: { kind: 'constant', value: 1 },
    temperature: { kind: 'constant', value: 2 },
    distillation: 'softTargets',
    features: [],
  },
  optimizer: {
    kind: 'adam',
    learningRate: { kind: 'linear', from: 0.006, to: 0 },
    warmup: 0.05,
    weightDecay: 0.01,
    momentum: 0.9,
  },
  epochs: 8,
  stepsPerEpoch: 60,
  batchSize: 32,
  dropout: 0.1,
  patience: null,
};

const TRAINING_WITH_FEATURES: Omit<TrainingSpec, 'seed'> = {
  ...TRAINING,
  objective: {
    ...TRAINING.objective,
    // Features first, answers last.
    features: [{ loss: 'cosine', beta: { kind: 'linear', from: 0.5, to: 0 } }],
  },
};

/** The sizes of each family. */
export const SIZES_OF: Readonly<Record<Family, object>> = {
  static: STATIC_STUDENT,
  conv: CONV_STUDENT,
  transformer: TRANSFORMER_STUDENT,
  image: IMAGE_STUDENT,
};

/** How each family is trained. */
export const TRAINING_OF: Readonly<Record<Family, Omit<TrainingSpec, 'seed'>>> = {
  static: TRAINING,
  conv: TRAINING_WITH_FEATURES,
  image: TRAINING,
  transformer: {
    ...TRAINING_WITH_FEATURES,
    optimizer: {
      ...TRAINING.optimizer,
      // A step through attention that is as long as the others' does not settle.
      learningRate: { kind: 'linear', from: 0.002, to: 0 },
      warmup: 0.1,
    },
  },
};
