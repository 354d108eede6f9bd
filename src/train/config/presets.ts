/** Defaults of the student families. They were chosen on the dev set of the quickstart and of nothing else. */
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

/** How each family is trained. */
export const TRAINING_OF: Readonly<Record<'static' | 'conv', Omit<TrainingSpec, 'seed'>>> = {
  static: TRAINING,
  conv: {
    ...TRAINING,
    objective: {
      ...TRAINING.objective,
      // Features first, answers last.
      features: [{ loss: 'cosine', beta: { kind: 'linear', from: 0.5, to: 0 } }],
    },
  },
};
