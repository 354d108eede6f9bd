/**
 * Fine-tuning: trains an encoder with a linear head on the labelled rows of a dataset and keeps it, as a model directory
 * of its own, under a key of everything that determines it. What is there is not trained again; what was stopped goes on.
 */
import { createHash } from 'node:crypto';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '../../../format/index.ts';
import { makeFolder, WriteError, writeFileAtomic } from '../../atomic-file.ts';
import { arithmeticOf, chooseBackend } from '../../backend.ts';
import type { Dataset, Row } from '../../data/dataset.ts';
import { LABELS_ALONE } from '../../objective.ts';
import type { RunHooks } from '../../progress.ts';
import { type TrainNetworkOptions, trainNetwork } from '../../train-network.ts';
import type { NetworkTrainingTask, TrainedNetwork, TrainingSpec } from '../../training-run.ts';
import { createTransferSet, type TransferSet } from '../../transfer-set.ts';
import type { HeadJson, Learning, ModelSpec } from '../teacher.ts';
import type { FitContext, FittedModel } from '../teacher-kind.ts';
import type { EncoderOptions, FineTuneConfig } from './encoder-config.ts';
import { readEncoderSpec } from './encoder-spec.ts';
import { checkpointTensors } from './encoder-tensors.ts';
import { identifyEncoder, tokenizerFiles } from './identify.ts';
import { writeWeights } from './weight-file.ts';

/** Changes whenever this code would train something else. */
const REVISION = 2;

/** Written last: a folder that has it is complete. */
const RECORD_FILE = 'fine-tuning.json';
const CHECKPOINT_FILE = 'checkpoint';

/** What is left of a training beside the weights. */
interface FineTuningRecord extends Learning {
  /** `[numLabels, featureSize + 1]`, the bias last in each row. */
  readonly head: readonly number[];
  readonly baseId: string;
  readonly fineTune: Required<FineTuneConfig>;
  readonly seed: number;
}

/**
 * Fine-tunes an encoder, or finds it fine-tuned.
 *
 * @throws InputError where there is nothing to learn from, TrainingError, WriteError, or the reason of `hooks.signal`
 */
export async function fineTuneEncoder(
  spec: ModelSpec<EncoderOptions>,
  { dataset, seed, cacheDir, threads }: FitContext,
  hooks: RunHooks,
  options: TrainNetworkOptions = {},
): Promise<FittedModel<EncoderOptions>> {
  const { id } = await identifyEncoder(spec);
  await checkLayers(spec.options);
  const [train, dev] = [learnable(dataset, 'train'), learnable(dataset, 'dev')];
  const key = keyOf(id, train, dev, spec, seed);
  const parent = join(cacheDir, 'fine-tuned', key);
  const folder = join(parent, basename(spec.options.directory));
  const record = await readRecord(join(parent, RECORD_FILE));
  if (record !== null) return fitted(spec, folder, record, null);
  await makeFolder(folder);
  const task: NetworkTrainingTask = {
    name: `${basename(spec.options.directory)}, fine-tuning`,
    network: {
      kind: 'encoder',
      options: spec.options,
      id,
      trains: spec.options.fineTune!.layers,
      numLabels: dataset.labels.length,
    },
    training: trainingOf(spec.options.fineTune!, train, seed),
    train,
    dev,
    backend: spec.backend,
    threads,
    checkpointFile: join(parent, CHECKPOINT_FILE),
  };
  await chooseBackend(spec.backend);
  const trained = await trainNetwork(task, hooks, options);
  hooks.onNotice?.(summary(task.name, trained));
  return fitted(spec, folder, await keep(trained, spec, id, seed, folder), secondsOf(trained));
}

async function checkLayers({ directory, fineTune }: EncoderOptions): Promise<void> {
  const { numLayers } = await readEncoderSpec(directory);
  const { layers } = fineTune!;
  if (typeof layers !== 'number' || layers <= numLayers) return;
  const message = `teacher.fineTune.layers: expected up to the ${numLayers} layers of ${directory}, got ${layers}; name fewer, or all`;
  throw new InputError(message, { code: 'invalid_config' });
}

/** Rows of a split that are labelled, with what the teacher reads of them. */
function learnable(dataset: Dataset, split: 'train' | 'dev'): TransferSet {
  const rows: readonly Row[] = dataset[split].filter(({ labels }) => labels !== null);
  if (rows.length === 0) {
    throw new InputError(`fine-tuning: expected labelled rows in ${split}, got none; label some`);
  }
  return createTransferSet({ ...dataset, studentField: dataset.teacherField }, rows, null);
}

function keyOf(
  baseId: string,
  train: TransferSet,
  dev: TransferSet,
  { options, backend, labels, multiLabel }: ModelSpec<EncoderOptions>,
  seed: number,
): string {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify({
      REVISION,
      baseId,
      fineTune: options.fineTune,
      backend: arithmeticOf(backend),
      labels,
      multiLabel,
      seed,
    }),
  );
  for (const { inputs, targets } of [train, dev]) {
    hash.update(JSON.stringify([inputs, targets.map((target) => [...target!])]));
  }
  return hash.digest('hex').slice(0, 32);
}

function trainingOf(fineTune: Required<FineTuneConfig>, { inputs }: TransferSet, seed: number): TrainingSpec {
  const { epochs, batchSize, learningRate, warmup, weightDecay, dropout, patience } = fineTune;
  return {
    objective: LABELS_ALONE,
    optimizer: {
      kind: 'adam',
      learningRate: { kind: 'linear', from: learningRate, to: 0 },
      warmup,
      weightDecay,
      momentum: 0,
    },
    epochs,
    stepsPerEpoch: Math.ceil(inputs.length / batchSize),
    batchSize,
    dropout,
    patience,
    seed,
  };
}

/** Writes the model directory, then the record that says that it is whole. */
async function keep(
  { parameters, history, bestEpoch }: TrainedNetwork,
  { options }: ModelSpec<EncoderOptions>,
  baseId: string,
  seed: number,
  folder: string,
): Promise<FineTuningRecord> {
  const encoder = await readEncoderSpec(options.directory);
  await writeWeights(join(folder, 'model.safetensors'), checkpointTensors(encoder, parameters));
  for (const name of ['config.json', ...(await tokenizerFiles(options.directory))]) {
    const path = join(folder, name);
    await copyFile(join(options.directory, name), path).catch((cause) => {
      throw new WriteError(path, cause);
    });
  }
  const head = joinHead(parameters.get('head.weight')!, parameters.get('head.bias')!);
  const record: FineTuningRecord = {
    head,
    baseId,
    fineTune: options.fineTune!,
    seed,
    bestEpoch,
    history: history.map(({ seconds, ...rest }) => rest),
  };
  const parent = join(folder, '..');
  await writeFileAtomic(join(parent, RECORD_FILE), `${JSON.stringify(record)}\n`);
  await rm(join(parent, CHECKPOINT_FILE), { force: true });
  return record;
}

function secondsOf({ history }: TrainedNetwork): number {
  return history.reduce((sum, epoch) => sum + epoch.seconds, 0);
}

function summary(name: string, trained: TrainedNetwork): string {
  const { history, bestEpoch } = trained;
  const { devAccuracy, devLoss } = history[bestEpoch - 1];
  const best = `accuracy ${devAccuracy.toFixed(4)}, loss ${devLoss.toFixed(4)} on dev`;
  return `${name}: ${history.length} epochs in ${Math.round(secondsOf(trained))} s, the best is epoch ${bestEpoch}: ${best}`;
}

function joinHead(weight: Float32Array, bias: Float32Array): number[] {
  const size = weight.length / bias.length;
  return [...bias].flatMap((b, label) => [...weight.subarray(label * size, (label + 1) * size), b]);
}

async function readRecord(path: string): Promise<FineTuningRecord | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as FineTuningRecord);
}

async function fitted(
  spec: ModelSpec<EncoderOptions>,
  directory: string,
  { head, bestEpoch, history }: FineTuningRecord,
  seconds: number | null,
): Promise<FittedModel<EncoderOptions>> {
  const { labels, multiLabel } = spec;
  const options: EncoderOptions = { ...spec.options, directory, fineTune: null };
  const { id, size } = await identifyEncoder({ ...spec, options });
  const json: HeadJson = { encoderId: id, labels, multiLabel, featureSize: size, weights: head };
  return { options, head: json, learning: { bestEpoch, history }, seconds };
}
