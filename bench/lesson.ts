/** What the training benchmarks train on: texts that are their own seeds, labels, a teacher's logits; and how. */
import type { LossWeights } from '../src/train/losses/total-loss.ts';
import type { Network } from '../src/train/network.ts';
import type { NetworkModel } from '../src/train/network-model.ts';
import { NetworkRows } from '../src/train/network-rows.ts';
import { createRandom } from '../src/train/random.ts';
import type { TrainingSpec } from '../src/train/training-run.ts';
import type { TransferSet } from '../src/train/transfer-set.ts';

const constant = (value: number) => ({ kind: 'constant', value }) as const;

/** Adam on labels and soft targets. */
export const BENCH_TRAINING: TrainingSpec = {
  objective: {
    modelWeight: constant(0.5),
    alpha: constant(1),
    temperature: constant(2),
    distillation: 'softTargets',
    features: [],
  },
  optimizer: { kind: 'adam', learningRate: constant(1e-3), warmup: 0, weightDecay: 0.01, momentum: 0 },
  epochs: 1,
  stepsPerEpoch: 1,
  batchSize: 64,
  dropout: 0,
  patience: null,
  seed: 1,
};

function rows(count: number, first: number): TransferSet {
  const random = createRandom(first);
  const texts = Array.from({ length: count }, (_, i) => String(first + i));
  return {
    labels: ['a', 'b'],
    multiLabel: false,
    inputs: texts,
    targets: texts.map((_, i) => Float32Array.of(i % 2, 1 - (i % 2))),
    teacherLogits: texts.map(() => random.normals(2, 2)),
    teacherFeatures: null,
  };
}

/** How a network becomes the model of {@link BENCH_TRAINING}. */
export const BENCH_MODEL: ConstructorParameters<typeof NetworkModel>[1] = {
  terms: { multiLabel: false, distillation: 'softTargets', features: [] },
  featureSize: null,
  dropout: 0,
};

/** The weights of its losses. */
export const BENCH_WEIGHTS: LossWeights = { modelWeight: 0.5, alpha: 1, temperature: 2, betas: [] };

/** @param count training rows */
export function benchRows(network: Network, count: number): NetworkRows {
  return new NetworkRows(rows(count, 1), rows(8, 1_000_000), network);
}
