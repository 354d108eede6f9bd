import { deserialize, serialize } from 'node:v8';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { StudentSpec } from '../../src/format/index.ts';
import type { Checkpoint } from '../../src/train/checkpoint.ts';
import { staticLayers } from '../../src/train/families/static.ts';
import { Training } from '../../src/train/training.ts';
import type { NetworkTrainingTask } from '../../src/train/training-run.ts';
import { toyTransferSet } from '../support/transfer-sets.ts';
import { useWasmBackend } from '../support/wasm-backend.ts';

const train = toyTransferSet({ rows: 60, seed: 1, labelled: 0.4, teacher: true });
const BUCKETS = 61;
const spec: StudentSpec = {
  name: 'toy',
  family: 'static',
  task: { kind: 'classify', labels: train.labels, multiLabel: false },
  tokenizer: { kind: 'hashed', buckets: BUCKETS, wordNgrams: 1, charNgrams: null },
  maxCharacters: 300,
  maxTokens: 64,
  layers: staticLayers({ vocabSize: BUCKETS, numLabels: 2, hiddenSize: 4, perceptronSize: 4 }),
};
const constant = (value: number) => ({ kind: 'constant', value }) as const;
const TASK: NetworkTrainingTask = {
  name: 'toy',
  network: { kind: 'student', spec, tokenizerTensors: new Map() },
  training: {
    objective: {
      modelWeight: constant(0.5),
      alpha: { kind: 'adaptive', on: 'teacherEntropy', from: 1, factor: 0.5, min: 0, max: 1 },
      temperature: { kind: 'linear', from: 4, to: 1 },
      distillation: 'softTargets',
      features: [{ loss: 'mse', beta: constant(0.1) }],
    },
    optimizer: { kind: 'adam', learningRate: constant(0.01), warmup: 0.2, weightDecay: 0.1, momentum: 0 },
    epochs: 2,
    stepsPerEpoch: 4,
    batchSize: 10,
    dropout: 0.2,
    patience: null,
    seed: 9,
  },
  train,
  dev: toyTransferSet({ rows: 20, seed: 2, teacher: true }),
  backend: 'wasm',
  threads: 1,
  checkpointFile: null,
};
const entry = new URL('file:///no-helping-threads');

async function open(checkpoint: Checkpoint | null = null, task = TASK): Promise<Training> {
  const training = await Training.open(task, checkpoint, entry);
  onTestFinished(() => training.close());
  return training;
}

async function finish(training: Training) {
  while (!training.isFinished) await training.step();
  const { history, ...rest } = training.result();
  return { ...rest, history: history.map(({ seconds, ...epoch }) => epoch) };
}

beforeAll(useWasmBackend);

describe('Training', () => {
  it('gives the same bytes and the same curves from its checkpoint after any step, in the middle of epochs too', async () => {
    const whole = await finish(await open());
    for (let stop = 0; stop < 8; stop++) {
      const first = await open();
      for (let step = 0; step < stop; step++) expect(await first.step()).toBe((step + 1) % 4 === 0);
      const rest = await open(deserialize(serialize(first.checkpoint())) as Checkpoint);
      expect([rest.steps, rest.epoch]).toEqual([stop, Math.floor(stop / 4)]);
      expect(await finish(rest)).toEqual(whole);
    }
  });

  it('counts the seconds before a checkpoint into the epoch that it interrupts', async () => {
    const first = await open();
    await first.step();
    const checkpoint = { ...first.checkpoint(), seconds: 1000 };
    const rest = await open(checkpoint);
    while (!rest.isFinished) await rest.step();
    const [interrupted, whole] = rest.result().history.map(({ seconds }) => seconds);
    expect(interrupted).toBeGreaterThan(1000);
    expect(whole).toBeLessThan(1000);
  });

  it('gives back the tensors of the network and not those that training alone needs', async () => {
    const { parameters } = await finish(await open());
    expect([...parameters.keys()].sort()).toEqual([
      'layers.0.weight',
      'layers.1.weight',
      'layers.2.bias',
      'layers.2.weight',
      'layers.3.bias',
      'layers.3.weight',
    ]);
  });

  it('means losses over the rows of a batch whatever the shards: unlabelled rows do not thin the model loss', async () => {
    // At a learning rate of 0 every step sees the first weights; one batch is all rows.
    const rate = { ...TASK.training.optimizer, learningRate: constant(0) };
    const training = { ...TASK.training, optimizer: rate, batchSize: 60, stepsPerEpoch: 1, epochs: 1, dropout: 0 };
    const labelled = train.targets.flatMap((target, row) => (target === null ? [] : [row]));
    const only = { ...train, inputs: labelled.map((row) => train.inputs[row]) };
    const labelledSet = {
      ...only,
      targets: labelled.map((row) => train.targets[row]),
      teacherLogits: labelled.map((row) => train.teacherLogits![row]),
      teacherFeatures: labelled.map((row) => train.teacherFeatures![row]),
    };
    const [mixed] = (await finish(await open(null, { ...TASK, training }))).history;
    const few = { ...training, batchSize: labelled.length };
    const [alone] = (await finish(await open(null, { ...TASK, training: few, train: labelledSet }))).history;
    expect(labelled.length).toBeLessThan(40);
    expect(mixed.modelLoss).toBeCloseTo(alone.modelLoss!, 6);
    const { modelLoss, distillationLoss, featureLosses } = mixed;
    expect(mixed.totalLoss).toBeCloseTo(0.5 * modelLoss! + distillationLoss! + 0.1 * featureLosses[0], 6);
  });
});
