import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Dataset, Row } from '../../../../src/train/data/dataset.ts';
import type { Progress } from '../../../../src/train/progress.ts';
import { createHead } from '../../../../src/train/teachers/classification-head.ts';
import type { FineTuneConfig } from '../../../../src/train/teachers/encoder/encoder-config.ts';
import { readEncoderSpec } from '../../../../src/train/teachers/encoder/encoder-spec.ts';
import { readEncoderTensors } from '../../../../src/train/teachers/encoder/encoder-tensors.ts';
import { fineTuneEncoder } from '../../../../src/train/teachers/encoder/fine-tune.ts';
import { loadEncoder } from '../../../../src/train/teachers/encoder/load.ts';
import { WeightFile } from '../../../../src/train/teachers/encoder/weight-file.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { tinyEncoder, tinyOptions } from '../../../support/tiny-encoders.ts';

const folder = temporaryFolder('fine-tune');
const workerEntry = pathToFileURL('dist/train/shard-worker.js');

const PLACES = ['capital', 'Iceland', 'Straße', 'montaña'];
const THINGS = ['parcel', 'phone', 'cœur', 'piñas'];
const FILLERS = ['the', 'a', 'is', 'question', 'again', 'what', 'and', 'moved', 'week', 'for'];

/** Short texts of fillers with one word, somewhere, that tells the label. */
function rows(count: number, offset: number): readonly Row[] {
  return Array.from({ length: count }, (_, i) => {
    const n = i + offset;
    const words = n % 2 === 0 ? PLACES : THINGS;
    const fillers = Array.from({ length: 2 + (n % 4) }, (__, k) => FILLERS[(n * 7 + k * 3) % FILLERS.length]);
    fillers.splice(n % 3, 0, words[n % 4]);
    return { id: String(n), fields: { text: fillers.join(' ') }, labels: [n % 2 === 0 ? 'place' : 'thing'] };
  });
}

const DATASET: Dataset = {
  name: 'toy',
  labels: ['place', 'thing'],
  multiLabel: false,
  teacherField: 'text',
  studentField: 'text',
  train: rows(96, 0),
  dev: rows(32, 200),
  test: [],
};

const FINE_TUNE: Required<FineTuneConfig> = {
  layers: 'all',
  epochs: 10,
  batchSize: 16,
  learningRate: 3e-3,
  warmup: 0.1,
  weightDecay: 0.01,
  dropout: 0.1,
  patience: null,
};

interface Changes {
  readonly fineTune?: Partial<FineTuneConfig>;
  readonly threads?: number;
  readonly seed?: number;
  readonly dataset?: Dataset;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

function tuningSpec(fineTune: Partial<FineTuneConfig> = {}) {
  const options = tinyOptions('bert', { fineTune: { ...FINE_TUNE, ...fineTune } });
  return { options, backend: 'wasm', labels: DATASET.labels, multiLabel: false } as const;
}

async function tune(cacheDir: string, changes: Changes = {}) {
  const { threads = 1, seed = 0, dataset = DATASET, ...hooks } = changes;
  const context = { dataset, seed, cacheDir: join(folder, cacheDir), threads };
  return fineTuneEncoder(tuningSpec(changes.fineTune), context, hooks, { workerEntry });
}

/** Every file of a cache folder by its path below it. */
async function filesIn(cacheDir: string): Promise<ReadonlyMap<string, Buffer>> {
  const root = join(folder, cacheDir);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const contents = await Promise.all(paths.sort().map((path) => readFile(path)));
  return new Map(paths.map((path, i) => [path.slice(root.length), contents[i]]));
}

async function readTensors(directory: string) {
  const file = await WeightFile.open(join(directory, 'model.safetensors'));
  const values = await readEncoderTensors(file, await readEncoderSpec(directory));
  await file.close();
  return values;
}

describe('fineTuneEncoder', () => {
  it('learns a separable task, and gives a model and a head that decide as they did in training', async () => {
    const { options, head } = await tune('learns');
    expect(options).toMatchObject({ kind: 'encoder', fineTune: null });
    const model = await loadEncoder({ options, labels: DATASET.labels });
    const features = await model.run(DATASET.dev.map(({ fields }) => fields.text));
    await model.dispose();
    const { logits } = createHead(head!);
    const right = DATASET.dev.filter(({ labels }, i) => {
      const [place, thing] = logits(features[i]);
      return labels![0] === (place > thing ? 'place' : 'thing');
    });
    expect(right.length / DATASET.dev.length).toBeGreaterThan(0.95);
    const [record] = [...(await filesIn('learns'))].filter(
      ([path]) => path.endsWith('.json') && !path.includes('/bert/'),
    );
    const { history, bestEpoch } = JSON.parse(record[1].toString());
    expect(history.at(-1).totalLoss).toBeLessThan(history[0].totalLoss / 2);
    expect(history[bestEpoch - 1].devAccuracy).toBe(right.length / DATASET.dev.length);
  });

  it('leaves the same bytes with 1, 2 and 3 threads, and others from another seed', async () => {
    const fineTune = { epochs: 2 };
    await tune('one', { fineTune });
    const one = await filesIn('one');
    expect([...one.keys()].map((path) => path.split('/').slice(3).join('/')).sort()).toEqual([
      'bert/config.json',
      'bert/model.safetensors',
      'bert/tokenizer.json',
      'fine-tuning.json',
    ]);
    for (const threads of [2, 3]) {
      await tune(`threads-${threads}`, { fineTune, threads });
      expect(await filesIn(`threads-${threads}`)).toEqual(one);
    }
    const other = await tune('other-seed', { fineTune, seed: 1 });
    expect(other.head).not.toEqual((await tune('one', { fineTune })).head);
  });

  it('finds what it trained, also where the config of another run is beside it', async () => {
    const first = await tune('found', { fineTune: { epochs: 1 } });
    await tune('found', { fineTune: { epochs: 1, layers: 'head' } });
    const before = await filesIn('found');
    const progress: Progress[] = [];
    const again = await tune('found', { fineTune: { epochs: 1 }, onProgress: (news) => progress.push(news) });
    expect(again).toEqual({ ...first, seconds: null });
    expect(first.seconds).toBeGreaterThan(0);
    expect(progress).toEqual([]);
    expect(await filesIn('found')).toEqual(before);
  });

  it.each([
    ['head', /^(embeddings|layers)\./],
    [1, /^(embeddings|layers\.0)\./],
  ] as const)('leaves everything below as it was where it trains %s', async (layers, frozen) => {
    const before = await readTensors(tinyEncoder('bert'));
    const { options } = await tune(`frozen-${layers}`, { fineTune: { epochs: 1, layers } });
    const after = await readTensors(options.directory);
    const moved = [...after].filter(([name, values]) => !values.every((value, i) => value === before.get(name)![i]));
    expect(moved.map(([name]) => name).filter((name) => frozen.test(name))).toEqual([]);
    expect(moved).toHaveLength(layers === 'head' ? 0 : 12);
  });

  it('moves the words of the texts and no others', async () => {
    const before = await readTensors(tinyEncoder('bert'));
    const { options } = await tune('words', { fineTune: { epochs: 1 } });
    const [was, is] = [before, await readTensors(options.directory)].map((all) => all.get('embeddings.words')!);
    const moved = (id: number): boolean => is.subarray(id * 24, (id + 1) * 24).some((v, i) => v !== was[id * 24 + i]);
    expect([0, 1, 4].filter(moved)).toEqual([]);
    expect([2, 3].filter(moved)).toEqual([2, 3]);
  });

  it('goes on where it was stopped, after any step', async () => {
    const fineTune = { epochs: 2 };
    await tune('whole', { fineTune });
    const controller = new AbortController();
    const onProgress = ({ done }: Progress): void => {
      if (done === 6) controller.abort(new Error('stopped'));
    };
    await expect(tune('stopped', { fineTune, onProgress, signal: controller.signal })).rejects.toThrow('stopped');
    expect([...(await filesIn('stopped')).keys()].some((path) => path.endsWith('checkpoint'))).toBe(true);
    await tune('stopped', { fineTune });
    expect(await filesIn('stopped')).toEqual(await filesIn('whole'));
  });

  it('goes on after kill -9 and ends with the bytes of a run that was never stopped', async () => {
    const start = (cacheDir: string): ChildProcess => {
      const { options } = tuningSpec({ epochs: 12 });
      const names = { name: 'toy', outDir: `out-${cacheDir}`, cacheDir, backend: 'wasm', threads: 2 };
      const script = `import { fitTeacher, resolveConfig } from 'retort-edge/train';
        const teacher = ${JSON.stringify(options)};
        const data = () => (${JSON.stringify({ ...DATASET, test: rows(16, 300) })});
        const config = resolveConfig({ ...${JSON.stringify(names)}, teacher, data }, ${JSON.stringify(folder)});
        await fitTeacher(config);`;
      return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'ignore', 'inherit'] });
    };
    const end = async (child: ChildProcess): Promise<unknown> => (await once(child, 'exit'))[0];
    const hasCheckpoint = async (): Promise<boolean> => {
      const paths = await readdir(join(folder, 'killed'), { recursive: true }).catch(() => []);
      return paths.some((path) => path.endsWith('checkpoint'));
    };
    const child = start('killed');
    const ended = end(child);
    while (!(await hasCheckpoint())) {
      expect(child.exitCode).toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill('SIGKILL');
    expect(await ended).toBeNull();
    expect(await end(start('killed'))).toBe(0);
    expect(await end(start('never-killed'))).toBe(0);
    // Outputs lie in the order in which threads had them.
    const trained = async (cacheDir: string): Promise<readonly unknown[]> =>
      [...(await filesIn(cacheDir))].filter(([path]) => !path.endsWith('records.bin'));
    expect(await trained('killed')).toEqual(await trained('never-killed'));
  });

  it('leaves no tensor behind', async () => {
    await tune('tensors', { fineTune: { epochs: 1 } });
    const before = tf.memory().numTensors;
    await tune('tensors', { fineTune: { epochs: 1, layers: 1 } });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a dataset without labelled rows in train or dev', async () => {
    const unlabelled = DATASET.train.map((row): Row => ({ ...row, labels: null }));
    for (const split of ['train', 'dev']) {
      const dataset = { ...DATASET, [split]: unlabelled };
      await expect(tune('nothing', { dataset })).rejects.toThrow(`labelled rows in ${split}, got none`);
    }
  });

  it('refuses more layers than the model has, with invalid_config', async () => {
    const tuning = tune('layers', { fineTune: { epochs: 1, layers: 99 } });
    await expect(tuning).rejects.toMatchObject({ code: 'invalid_config' });
    await expect(tuning).rejects.toThrow(/expected up to the \d layers of .*bert, got 99; name fewer, or all/);
  });
});
