/**
 * Trains a model on the labelled rows of a dataset and keeps it under a key of everything that determines it. What is
 * there is not trained again; what was stopped goes on.
 */
import { createHash } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type Tensor } from '../../../format/index.ts';
import { makeFolder, writeFileAtomic } from '../../atomic-file.ts';
import { arithmeticOf, type BackendName } from '../../backend.ts';
import type { ResolvedStudent } from '../../config/config.ts';
import { SIZES_OF, TRAINING_OF } from '../../config/presets.ts';
import type { Dataset } from '../../data/dataset.ts';
import { planStudent, type StudentPlan } from '../../distill/plan-student.ts';
import { trainAll } from '../../distill/train-all.ts';
import { exportStudent } from '../../export-student.ts';
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
  const view = seenByTeacher(dataset);
  const train = labelledOnly(createTransferSet(view, dataset.train, null));
  const dev = createTransferSet(view, dataset.dev, null);
  if (train.inputs.length === 0) {
    throw new InputError('scratch teacher: expected labelled rows to learn from, got none; label some rows');
  }
  const { spec, tokenizerTensors } = planOf(options, view);
  const key = keyOf(options, train, dev, view.image, tokenizerTensors, seed, backend);
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
    tokenizerTensors,
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
  // In F32 a student has no SIMD kernels, which an image with its hundreds of patches would wait for.
  const precision = view.image === undefined ? 'float' : 'int8';
  await writeFileAtomic(file, await exportStudent(trained, tokenizerTensors, precision, {}));
  await rm(checkpointFile, { force: true });
  return { ...fitted, learning, seconds: history.reduce((sum, epoch) => sum + epoch.seconds, 0) };
}

async function readLearning(path: string): Promise<Learning | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Learning);
}

/** Sizes of a network that reads texts in order, where the config says nothing. */
const NETWORK_SIZES = {
  conv: { maxCharacters: 4000, maxTokens: 256, maxPieces: 8000, hiddenSize: 128, blocks: 3 },
  transformer: {
    maxCharacters: 4000,
    maxTokens: 128,
    maxPieces: 8000,
    hiddenSize: 192,
    layers: 4,
    feedForwardSize: 512,
  },
} as const;

/** @throws InputError with code `invalid_config` where no file could hold such a model */
/** A dataset whose student would read what the teacher reads. */
function seenByTeacher({ image, ...dataset }: Dataset): Dataset {
  const view = { ...dataset, studentField: dataset.teacherField };
  return image === undefined || dataset.teacherField !== dataset.studentField ? view : { ...view, image };
}

function planOf(options: ScratchOptions, dataset: Dataset): Pick<StudentPlan, 'spec' | 'tokenizerTensors'> {
  const base = { name: 'scratch-teacher', training: TRAINING_OF.static, asksForFeatures: false };
  const sizes = sizesOf(options, dataset);
  const place = options.network === undefined ? 'teacher' : 'teacher.network';
  return planStudent({ ...base, ...sizes } as ResolvedStudent, place, dataset, null);
}

function sizesOf(options: ScratchOptions, { task, image }: Dataset): object {
  const { maxCharacters, maxTokens, buckets, wordNgrams, charNgrams, hiddenSize, perceptronSize } = options;
  if (image !== undefined) {
    const { filters = [16, 32], kernelSize = 5 } = options;
    return { family: 'image', filters, kernelSize, perceptronSize };
  }
  const { network = task === 'tag' ? ({ family: 'conv' } as const) : undefined } = options;
  if (network !== undefined) return { ...SIZES_OF[network.family], ...NETWORK_SIZES[network.family], ...network };
  const hashed = { buckets, wordNgrams, charNgrams };
  return { family: 'static', maxCharacters, maxTokens, ...hashed, hiddenSize, perceptronSize };
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
  image: Dataset['image'],
  tokenizerTensors: ReadonlyMap<string, Tensor>,
  seed: number,
  backend: BackendName,
): string {
  const { task, labels, multiLabel } = train;
  const hash = createHash('sha256').update(
    JSON.stringify({ REVISION, options, task, image, labels, multiLabel, seed, backend: arithmeticOf(backend) }),
  );
  for (const { inputs, targets } of [train, dev]) {
    for (const [i, input] of inputs.entries()) {
      const row = JSON.stringify([...textsOfInput(input), [...targets[i]!]]);
      hash.update(`${row.length}:${row}`);
    }
    hash.update(';');
  }
  for (const { data } of tokenizerTensors.values()) hash.update(data);
  return hash.digest('hex').slice(0, 32);
}
