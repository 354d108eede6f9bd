import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deserialize } from 'node:v8';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StudentSpec } from '../../src/format/index.ts';
import { readStudent } from '../../src/runtime/index.ts';
import type { Checkpoint } from '../../src/train/checkpoint.ts';
import { evaluateStudent } from '../../src/train/evaluation/evaluate.ts';
import { exportStudent } from '../../src/train/export-student.ts';
import { convLayers } from '../../src/train/families/conv.ts';
import { staticLayers } from '../../src/train/families/static.ts';
import { transformerLayers } from '../../src/train/families/transformer.ts';
import type { Progress } from '../../src/train/progress.ts';
import { trainStudent } from '../../src/train/train-student.ts';
import { TrainingError } from '../../src/train/trainer/training-error.ts';
import type { TrainedStudent, TrainingSpec, TrainingTask } from '../../src/train/training-run.ts';
import type { TransferSet } from '../../src/train/transfer-set.ts';
import { toyTransferSet } from '../support/transfer-sets.ts';
import { useWasmBackend } from '../support/wasm-backend.ts';

const constant = (value: number) => ({ kind: 'constant', value }) as const;

const TRAINING: TrainingSpec = {
  objective: {
    modelWeight: constant(0.5),
    alpha: { kind: 'linear', from: 1, to: 0.5 },
    temperature: constant(2),
    distillation: 'softTargets',
    features: [{ loss: 'cosine', beta: { kind: 'adaptive', on: 'devLoss', from: 0.5, factor: 0.5, min: 0, max: 1 } }],
  },
  optimizer: { kind: 'adam', learningRate: constant(0.02), warmup: 0.1, weightDecay: 0.01, momentum: 0.9 },
  epochs: 4,
  stepsPerEpoch: 12,
  batchSize: 16,
  dropout: 0.1,
  patience: null,
  seed: 3,
};

const sizes = { maxCharacters: 300, maxTokens: 64 };

function staticSpec({ labels, multiLabel }: TransferSet): StudentSpec {
  const buckets = 509;
  return {
    ...sizes,
    name: 'toy-static',
    family: 'static',
    task: { kind: 'classify', labels, multiLabel },
    tokenizer: { kind: 'hashed', buckets, wordNgrams: 1, charNgrams: null },
    layers: staticLayers({ vocabSize: buckets, numLabels: labels.length, hiddenSize: 8, perceptronSize: 8 }),
  };
}

/** Reads characters, as a Unigram vocabulary of single letters does. */
const LETTERS = ['<unk>', '\u2581', ...'abcdefghijklmnopqrstuvwxyz'];
const letterTensors: TrainingTask['tokenizerTensors'] = new Map([
  ['tokenizer.pieces', { dtype: 'U8', shape: [0], data: new TextEncoder().encode(LETTERS.join('')) }],
  [
    'tokenizer.lengths',
    { dtype: 'U8', shape: [LETTERS.length], data: Uint8Array.from(LETTERS, (l) => new TextEncoder().encode(l).length) },
  ],
  ['tokenizer.scores', { dtype: 'F32', shape: [LETTERS.length], data: new Float32Array(LETTERS.length).fill(-3) }],
]);

function convSpec({ labels, multiLabel }: TransferSet): StudentSpec {
  const vocabSize = LETTERS.length;
  return {
    ...sizes,
    name: 'toy-conv',
    family: 'conv',
    task: { kind: 'classify', labels, multiLabel },
    tokenizer: { kind: 'unigram', vocabSize, unknownId: 0, controlIds: [] },
    layers: convLayers({ vocabSize, numLabels: labels.length, hiddenSize: 12, blocks: 2, kernelSize: 5 }),
  };
}

function transformerSpec(set: TransferSet): StudentSpec {
  const { maxTokens } = sizes;
  const shape = { vocabSize: LETTERS.length, maxTokens, numLabels: set.labels.length, hiddenSize: 8, heads: 2 };
  return {
    ...convSpec(set),
    name: 'toy-transformer',
    family: 'transformer',
    layers: transformerLayers({ ...shape, layers: 1, feedForwardSize: 12 }),
  };
}

function task(train: TransferSet, dev: TransferSet, changes: Partial<TrainingTask> = {}): TrainingTask {
  return {
    spec: staticSpec(train),
    tokenizerTensors: new Map(),
    training: TRAINING,
    train,
    dev,
    backend: 'wasm',
    threads: 1,
    checkpointFile: null,
    ...changes,
  };
}

/** The helping thread as it is shipped. */
const workerEntry = pathToFileURL('dist/train/shard-worker.js');

const train = toyTransferSet({ rows: 120, seed: 1, labelled: 0.3, teacher: true });
const dev = toyTransferSet({ rows: 40, seed: 2, teacher: true });

const bytesOf = (trained: TrainedStudent, tensors: TrainingTask['tokenizerTensors'] = new Map()) =>
  exportStudent(trained, tensors, 'int8', {});

describe('trainStudent', () => {
  beforeAll(useWasmBackend);

  it('lowers the total loss to less than a half and reaches accuracy .95 on held-out rows', async () => {
    const trained = await trainStudent(task(train, dev));
    const losses = trained.history.map(({ totalLoss }) => totalLoss);
    expect(losses.at(-1)).toBeLessThan(losses[0] / 2);
    const student = readStudent(await bytesOf(trained));
    const { accuracy } = await evaluateStudent(student, toyTransferSet({ rows: 200, seed: 7 }));
    expect(accuracy).toBeGreaterThanOrEqual(0.95);
  });

  it('records every term and weight of every epoch', async () => {
    const { history } = await trainStudent(task(train, dev));
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    for (const epoch of history) {
      expect(epoch.totalLoss).toBeGreaterThan(0);
      expect(epoch.modelLoss).toBeGreaterThan(0);
      expect(epoch.distillationLoss).toBeGreaterThan(0);
      expect(epoch.featureLosses).toHaveLength(1);
      expect(epoch.devAgreement).toBeGreaterThan(0.5);
    }
    const alphas = history.map(({ alpha }) => alpha);
    expect(alphas).toEqual([...alphas].sort((a, b) => b - a));
    expect(alphas.at(-1)).toBeCloseTo(0.5, 6);
  });

  it.each(['adam', 'sgd'] as const)(
    'gives the same bytes from the same seed, others from another one, with %s',
    async (kind) => {
      const optimizer = { ...TRAINING.optimizer, kind };
      const run = async (seed: number) => {
        const training = { ...TRAINING, optimizer, seed, epochs: 2 };
        return bytesOf(await trainStudent(task(train, dev, { training })));
      };
      const first = await run(3);
      expect(await run(3)).toEqual(first);
      expect(await run(4)).not.toEqual(first);
    },
  );

  it('trains convolutions with a feature loss to the same bytes twice', async () => {
    const training = { ...TRAINING, epochs: 1, stepsPerEpoch: 6 };
    const changes = { spec: convSpec(train), tokenizerTensors: letterTensors, training };
    const run = async () => (await trainStudent(task(train, dev, changes))).parameters;
    expect(await run()).toEqual(await run());
  });

  it.each([
    ['static', { spec: staticSpec(train) }],
    ['convolutional', { spec: convSpec(train), tokenizerTensors: letterTensors }],
    ['transformer', { spec: transformerSpec(train), tokenizerTensors: letterTensors }],
  ])('trains a %s student to the same bytes on 1, 2 and 4 threads', async (_, changes) => {
    // Large enough for three shards; a transformer has four.
    const training = { ...TRAINING, epochs: 2, stepsPerEpoch: 5, batchSize: 100 };
    const run = (threads: number) =>
      trainStudent(task(train, dev, { ...changes, training, threads }), {}, { workerEntry });
    const alone = await run(1);
    for (const threads of [2, 4]) {
      const { parameters, history } = await run(threads);
      expect(parameters).toEqual(alone.parameters);
      const curves = (records: TrainedStudent['history']) => records.map(({ seconds, ...rest }) => rest);
      expect(curves(history)).toEqual(curves(alone.history));
    }
  });

  it('leaves no tensor behind', async () => {
    await trainStudent(task(train, dev));
    const before = tf.memory().numTensors;
    await trainStudent(task(train, dev));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the same bytes where it was stopped after any epoch and went on from its checkpoint', async () => {
    const whole = await bytesOf(await trainStudent(task(train, dev)));
    for (const stopAfter of [1, 2, 3]) {
      const checkpointFile = join(tmpdir(), `retort-${process.pid}-${stopAfter}.bin`);
      const stopping = { ...task(train, dev, { checkpointFile }) };
      const controller = new AbortController();
      const onProgress = ({ done }: Progress): void => {
        if (done === stopAfter * TRAINING.stepsPerEpoch) controller.abort(new Error('stopped'));
      };
      await expect(trainStudent(stopping, { onProgress, signal: controller.signal })).rejects.toThrow('stopped');
      const epochs: number[] = [];
      const trained = await trainStudent(stopping, { onProgress: ({ done }) => epochs.push(done) });
      expect(epochs[0]).toBe((stopAfter + 1) * TRAINING.stepsPerEpoch);
      expect(await bytesOf(trained)).toEqual(whole);
      await rm(checkpointFile);
    }
  });

  it('does not continue from the checkpoint of another task', async () => {
    const checkpointFile = join(tmpdir(), `retort-${process.pid}-other.bin`);
    await trainStudent(task(train, dev, { checkpointFile }));
    const training = { ...TRAINING, seed: 8 };
    const fresh = await bytesOf(await trainStudent(task(train, dev, { training })));
    expect(await bytesOf(await trainStudent(task(train, dev, { training, checkpointFile })))).toEqual(fresh);
    await rm(checkpointFile);
  });

  it('ends with a TrainingError where the loss explodes, and keeps the last good checkpoint', async () => {
    const checkpointFile = join(tmpdir(), `retort-${process.pid}-exploding.bin`);
    const learningRate = { kind: 'steps', at: [0, 0.5], values: [0.02, 1e30] } as const;
    const training = { ...TRAINING, optimizer: { ...TRAINING.optimizer, kind: 'sgd', learningRate } as const };
    const error = await trainStudent(task(train, dev, { training, checkpointFile })).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TrainingError);
    expect(error).toMatchObject({ code: 'loss_not_finite' });
    // Two of four epochs pass at a learning rate that is bearable; the next step throws the weights far off.
    expect((error as TrainingError).step).toBe(2 * TRAINING.stepsPerEpoch + 2);
    const { checkpoint } = deserialize(await readFile(checkpointFile)) as { readonly checkpoint: Checkpoint };
    expect(checkpoint.epochs).toBeGreaterThanOrEqual(1);
    expect(checkpoint.trainer.parameters.trained.every(Number.isFinite)).toBe(true);
    await rm(checkpointFile);
  });

  it('ends once dev has not got better for as many epochs as patience allows, and keeps the best epoch', async () => {
    const training = { ...TRAINING, epochs: 40, patience: 2 };
    const { history, bestEpoch } = await trainStudent(task(train, dev, { training }));
    expect(history.length).toBe(bestEpoch + 2);
    const best = Math.max(...history.map(({ devAccuracy }) => devAccuracy));
    expect(history[bestEpoch - 1].devAccuracy).toBe(best);
  });

  it('learns several labels a text: exact match .9 and macro F1 .95 on held-out rows', async () => {
    const multi = { numLabels: 3, multiLabel: true };
    const rows = toyTransferSet({ rows: 300, seed: 1, ...multi, labelled: 0.2, teacher: true });
    const devRows = toyTransferSet({ rows: 60, seed: 2, ...multi, teacher: true });
    const training = { ...TRAINING, epochs: 8, stepsPerEpoch: 20 };
    const trained = await trainStudent(task(rows, devRows, { training }));
    const student = readStudent(await bytesOf(trained));
    const { accuracy, f1 } = await evaluateStudent(student, toyTransferSet({ rows: 200, seed: 7, ...multi }));
    expect(accuracy).toBeGreaterThanOrEqual(0.9);
    expect(f1).toBeGreaterThanOrEqual(0.95);
  });
});
