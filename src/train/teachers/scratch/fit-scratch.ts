/**
 * Trains a model on the labelled rows of a dataset and keeps it under a key of everything that determines it. What is
 * there is not trained again; what was stopped goes on.
 */
import { createHash } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, readSpec, type StudentSpec } from '../../../format/index.ts';
import { makeFolder, writeFileAtomic } from '../../atomic-file.ts';
import { arithmeticOf, type BackendName } from '../../backend.ts';
import type { Dataset } from '../../data/dataset.ts';
import { trainAll } from '../../distill/train-all.ts';
import { exportStudent } from '../../export-student.ts';
import { imageLayers } from '../../families/image.ts';
import { staticLayers } from '../../families/static.ts';
import { textsOfInput } from '../../inputs.ts';
import { LABELS_ALONE } from '../../objective.ts';
import type { RunHooks } from '../../progress.ts';
import type { TrainingSpec, TrainingTask } from '../../training-run.ts';
import { createTransferSet, labelledOnly, type TransferSet } from '../../transfer-set.ts';
import type { Learning, ModelSpec } from '../teacher.ts';
import type { FitContext, FittedModel } from '../teacher-kind.ts';
import type { ScratchOptions } from './scratch-config.ts';

/** Changes whenever this code would train something else. */
const REVISION = 2;

/**
 * Trains a model, or finds it trained.
 *
 * @throws InputError where there are no labelled rows or no file could hold such a model, WriteError, or the reason of
 * `hooks.signal`
 */
export async function fitScratch(
  { options, backend }: ModelSpec<ScratchOptions>,
  { dataset, seed, cacheDir, threads }: FitContext,
  hooks: RunHooks,
): Promise<FittedModel<ScratchOptions>> {
  const { teacherField } = dataset;
  // It reads what the teacher reads.
  const view = { ...dataset, studentField: teacherField };
  const train = labelledOnly(createTransferSet(view, dataset.train, null));
  const dev = createTransferSet(view, dataset.dev, null);
  if (train.texts.length === 0) {
    throw new InputError('scratch teacher: expected labelled rows to learn from, got none; label some rows');
  }
  const spec = specOf(options, dataset);
  const key = keyOf(options, train, dev, seed, backend);
  const folder = join(cacheDir, 'scratch', key);
  const file = join(folder, 'model.safetensors');
  const learningFile = join(folder, 'learning.json');
  const fitted = { options: { ...options, file }, head: null };
  if ((await stat(file).catch(() => null)) !== null) {
    return { ...fitted, learning: await readLearning(learningFile), seconds: null };
  }
  await makeFolder(folder);
  const checkpointFile = join(folder, 'checkpoint.bin');
  const training = trainingOf(options, seed);
  const task: TrainingTask = {
    spec,
    tokenizerTensors: new Map(),
    training,
    train,
    dev,
    backend,
    threads,
    checkpointFile,
  };
  const [trained] = await trainAll([task], 1, hooks);
  const { bestEpoch, history } = trained;
  const learning: Learning = { bestEpoch, history: history.map(({ seconds, ...rest }) => rest) };
  await writeFileAtomic(learningFile, `${JSON.stringify(learning)}\n`);
  await writeFileAtomic(file, await exportStudent(trained, new Map(), 'F32', {}));
  await rm(checkpointFile, { force: true });
  return { ...fitted, learning, seconds: history.reduce((sum, epoch) => sum + epoch.seconds, 0) };
}

async function readLearning(path: string): Promise<Learning | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Learning);
}

function drawSpec(options: ScratchOptions, { labels, multiLabel, image }: Dataset): StudentSpec {
  const { maxCharacters, maxTokens, buckets, wordNgrams, charNgrams, hiddenSize, perceptronSize } = options;
  const name = 'scratch-teacher';
  const task = { kind: 'classify', labels, multiLabel } as const;
  if (image !== undefined) {
    const { filters = [16, 32], kernelSize = 5 } = options;
    const layers = imageLayers({ image, numLabels: labels.length, filters, kernelSize, perceptronSize });
    return { name, family: 'image', task, input: { kind: 'image', ...image }, layers };
  }
  return {
    name,
    family: 'static',
    task,
    tokenizer: { kind: 'hashed', buckets, wordNgrams, charNgrams },
    maxCharacters,
    maxTokens,
    layers: staticLayers({ vocabSize: buckets, numLabels: labels.length, hiddenSize, perceptronSize }),
  };
}

function specOf(options: ScratchOptions, dataset: Dataset): StudentSpec {
  const spec = drawSpec(options, dataset);
  try {
    readSpec(JSON.stringify(spec));
  } catch (cause) {
    const message = `config, teacher: expected sizes that a student file can hold, got ${(cause as Error).message}`;
    throw new InputError(message, { cause, code: 'invalid_config' });
  }
  return spec;
}

function trainingOf({ training }: ScratchOptions, seed: number): TrainingSpec {
  const { learningRate, weightDecay, ...rest } = training;
  return {
    ...rest,
    objective: LABELS_ALONE,
    optimizer: {
      kind: 'adam',
      learningRate: { kind: 'linear', from: learningRate, to: 0 },
      warmup: 0.05,
      weightDecay,
      momentum: 0.9,
    },
    seed,
  };
}

function keyOf(
  options: ScratchOptions,
  train: TransferSet,
  dev: TransferSet,
  seed: number,
  backend: BackendName,
): string {
  const { labels, multiLabel } = train;
  const hash = createHash('sha256').update(
    JSON.stringify({ REVISION, options, labels, multiLabel, seed, backend: arithmeticOf(backend) }),
  );
  for (const { texts, targets } of [train, dev]) {
    for (const [i, text] of texts.entries()) {
      const row = JSON.stringify([...textsOfInput(text), [...targets[i]!]]);
      hash.update(`${row.length}:${row}`);
    }
    hash.update(';');
  }
  return hash.digest('hex').slice(0, 32);
}
