import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import * as tf from '@tensorflow/tfjs-core';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createRandom } from '../../../src/train/random.ts';
import { cutBatch, MAX_SHARDS } from '../../../src/train/trainer/shards.ts';
import { Trainer, type TrainerOptions, type TrainerState } from '../../../src/train/trainer/trainer.ts';
import { TrainingError } from '../../../src/train/trainer/training-error.ts';
import type { OptimizerSpec } from '../../../src/train/training-run.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { addToyGradient, idsOf, type ToyInput, ToyModel, type ToyTask } from '../../support/toy-model.ts';
import { useWasmBackend } from '../../support/wasm-backend.ts';

const OPTIMIZER: OptimizerSpec = {
  kind: 'adam',
  learningRate: { kind: 'constant', value: 0.05 },
  warmup: 0,
  weightDecay: 0.1,
  momentum: 0.9,
};
const TASK: ToyTask = { fatalRow: null };
type Settings = Pick<ToyInput, 'factor' | 'noise'>;
const SETTINGS: Settings = { factor: 1, noise: 0 };
const RATE = 0.05;
/** Batches of 1 to 9 rows: fewer than there are shards, as many, more. */
const BATCHES = [[4], [0, 1, 2, 3], [7, 5, 9, 12, 30, 31, 4, 4, 18], [21, 22], [3, 33, 13, 23, 1, 0]];

const folder = temporaryFolder('trainer');
const entry = pathToFileURL(join(folder, 'toy-worker.mjs'));

beforeAll(async () => {
  await useWasmBackend();
  await build({
    entryPoints: ['test/support/toy-worker.ts'],
    outfile: join(folder, 'toy-worker.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    // The backend registers itself where it is imported, and its package says that it does not.
    ignoreAnnotations: true,
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  });
});

async function open(
  options: Partial<TrainerOptions> & { readonly helpers?: number; readonly task?: ToyTask } = {},
): Promise<Trainer<ToyInput>> {
  const { helpers = 0, task = TASK, ...rest } = options;
  const trainer = await Trainer.open(new ToyModel(task), {
    optimizer: OPTIMIZER,
    seed: 5,
    random: createRandom(5),
    threads: helpers === 0 ? null : { entry, task, count: helpers },
    state: null,
    ...rest,
  });
  onTestFinished(() => trainer.close());
  return trainer;
}

function cut(batch: readonly number[], settings: Settings): readonly ToyInput[] {
  const shards = cutBatch(batch, (row) => row % 4, Math.min(MAX_SHARDS, batch.length));
  return shards.map((rows) => ({ rows, batchSize: batch.length, ...settings }));
}

async function train(trainer: Trainer<ToyInput>, batches = BATCHES, settings = SETTINGS): Promise<number[]> {
  const losses: number[] = [];
  for (const batch of batches) losses.push((await trainer.step(cut(batch, settings), RATE))[0]);
  return losses;
}

/** Dev rows in three portions. */
const DEV: readonly ToyInput[] = [[0, 5], [1], [2, 8, 9]].map((rows) => ({ rows, batchSize: 6, ...SETTINGS }));

const bytesOf = (trainer: Trainer<ToyInput>): Buffer => serialize(trainer.state());

/** Lazy Adam over whole batches, in double precision: the rows that a batch does not use stay as they are. */
async function naive(batches: readonly (readonly number[])[], factor = 1): Promise<Map<string, number[]>> {
  const initial = await new ToyModel(TASK).initialize();
  const numbers = new Map([...initial].map(([name, values]) => [name, [...values]]));
  const moments = new Map([...numbers].map(([name, { length }]) => [name, [0, 1].map(() => Array(length).fill(0))]));
  for (const [step, batch] of batches.entries()) {
    const into = Object.fromEntries([...numbers].map(([name, { length }]) => [name, new Float64Array(length)]));
    const current = Object.fromEntries(numbers) as unknown as Parameters<typeof addToyGradient>[1];
    for (const row of batch) {
      addToyGradient(row, current, factor / batch.length, (id) => id, into as Parameters<typeof addToyGradient>[4]);
    }
    const squares = Object.values(into).flatMap((values) => [...values].map((value) => value ** 2));
    const scale = Math.min(1, 1 / Math.sqrt(squares.reduce((a, b) => a + b, 0)));
    const used = new Set(batch.flatMap(idsOf));
    for (const [name, values] of numbers) {
      if (name === 'frozen') continue;
      const columns = { pairs: 2, singles: 1 }[name];
      const decay = name === 'pairs' || name === 'matrix' ? OPTIMIZER.weightDecay : 0;
      const [m, v] = moments.get(name)!;
      for (const [i, value] of values.entries()) {
        if (columns !== undefined && !used.has(Math.floor(i / columns))) continue;
        const g = into[name][i] * scale;
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        const change = m[i] / (1 - 0.9 ** (step + 1)) / (Math.sqrt(v[i] / (1 - 0.999 ** (step + 1))) + 1e-8);
        values[i] = value - RATE * decay * value - RATE * change;
      }
    }
  }
  return numbers;
}

describe('Trainer.step', () => {
  it.each([
    ['gradients that are clipped', 1],
    ['gradients that are not', 0.01],
  ])(
    'moves all that a batch uses as lazy Adam in double precision, within 1e-5, and no other row, with %s',
    async (_, factor) => {
      const trainer = await open();
      const first = trainer.values();
      await train(trainer, BATCHES, { factor, noise: 0 });
      const expected = await naive(BATCHES, factor);
      for (const [name, values] of trainer.values()) {
        for (const [i, value] of values.entries()) expect(Math.abs(value - expected.get(name)![i])).toBeLessThan(1e-5);
      }
      const used = new Set(BATCHES.flat().flatMap(idsOf));
      for (const id of Array.from({ length: 12 }, (_, i) => i).filter((i) => !used.has(i))) {
        expect(trainer.values().get('singles')![id]).toBe(first.get('singles')![id]);
      }
      expect(trainer.values().get('frozen')).toEqual(first.get('frozen'));
    },
  );

  it('adds up the losses of the shards: the total and the number of rows', async () => {
    const trainer = await open();
    expect((await trainer.step(cut(BATCHES[2], SETTINGS), RATE))[1]).toBe(9);
    expect((await trainer.step(cut(BATCHES[0], SETTINGS), RATE))[1]).toBe(1);
  });

  it('lowers the loss', async () => {
    const losses = await train(
      await open(),
      Array.from({ length: 60 }, () => [...Array(40).keys()]),
    );
    expect(losses.at(-1)).toBeLessThan(losses[0] / 3);
  });

  it('gives the same bytes on 1, 2, 3 and 4 threads, random numbers of the shards included', async () => {
    const settings = { factor: 1, noise: 0.3 };
    const alone = await open();
    const losses = await train(alone, BATCHES, settings);
    for (const helpers of [1, 2, 3]) {
      const trainer = await open({ helpers });
      expect(await train(trainer, BATCHES, settings)).toEqual(losses);
      expect(bytesOf(trainer).equals(bytesOf(alone))).toBe(true);
      expect(await trainer.score(DEV)).toEqual(await alone.score(DEV));
    }
    const other = await open({ seed: 6 });
    await train(other, BATCHES, settings);
    expect(bytesOf(other).equals(bytesOf(alone))).toBe(false);
  });

  it('goes on with the same bytes from its state, after every step, on any number of threads', async () => {
    const settings = { factor: 1, noise: 0.3 };
    const whole = await open();
    await train(whole, BATCHES, settings);
    for (const stop of [1, 2, 4]) {
      const first = await open();
      await train(first, BATCHES.slice(0, stop), settings);
      const state = deserialize(bytesOf(first)) as TrainerState;
      const rest = await open({ state, helpers: stop % 2 });
      expect(rest.steps).toBe(stop);
      await train(rest, BATCHES.slice(stop), settings);
      expect(bytesOf(rest).equals(bytesOf(whole))).toBe(true);
    }
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const trainer = await open();
    const withFrozen = tf.memory().numTensors;
    await train(trainer);
    await trainer.score(DEV);
    expect(tf.memory().numTensors).toBe(withFrozen);
    await trainer.close();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('Trainer.score', () => {
  it('adds up what portions of dev score', async () => {
    const trainer = await open();
    const singles = trainer.values().get('singles')!;
    expect(await trainer.score(DEV)).toEqual([singles[0] + singles[1] + singles[2], 6]);
  });
});

describe('a training that goes wrong', () => {
  it.each([
    ['not a number', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
    ['ten thousand times that of the first step', 1e6],
  ])(
    'ends at the step whose loss is %s, says what to do, and leaves the parameters as they were',
    async (_, factor) => {
      const trainer = await open();
      await train(trainer, BATCHES.slice(0, 2));
      const before = bytesOf(trainer);
      const error = await trainer.step(cut([5], { factor, noise: 0 }), RATE).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(TrainingError);
      expect(error).toMatchObject({ code: 'loss_not_finite', step: 3 });
      expect((error as Error).message).toMatch(
        /^training, step 3: expected a loss .*, got .*; lower the learning rate/,
      );
      expect(bytesOf(trainer).equals(before)).toBe(true);
    },
  );

  it('ends where the gradient overflows and the loss does not', async () => {
    const trainer = await open();
    const step = trainer.step(cut([5], { factor: 1, noise: Number.POSITIVE_INFINITY }), RATE);
    await expect(step).rejects.toMatchObject({ code: 'loss_not_finite', step: 1 });
  });

  it('ends at the step in which a thread was lost', async () => {
    // Of four shards this thread has the first and the last.
    const trainer = await open({ helpers: 1, task: { fatalRow: 7 } });
    await train(trainer, [[1, 2, 3, 5]]);
    const error = await trainer.step(cut([4, 7, 11, 15], SETTINGS), RATE).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TrainingError);
    expect(error).toMatchObject({ code: 'worker_lost', step: 2 });
  });
});
