/**
 * How much faster two threads train one model than one, and what there is to win: the ceiling is two independent
 * processes, each training a model of its own. All three are measured in turns.
 *
 *   npm run build && node scripts/bench.mjs threads [--json]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { chooseBackend } from '../src/train/backend.ts';
import { median } from '../src/train/evaluation/percentile.ts';
import { type NetworkInput, NetworkModel } from '../src/train/network-model.ts';
import { createRandom } from '../src/train/random.ts';
import { serveStation } from '../src/train/trainer/threads.ts';
import { Trainer } from '../src/train/trainer/trainer.ts';
import { BENCH_MODEL, BENCH_TRAINING, BENCH_WEIGHTS, benchRows } from './lesson.ts';
import { TransformerNetwork } from './transformer-network.ts';

const BATCH_SIZE = 64;
const ROWS = 512;
const ROUNDS = 7;
/** Steps that are timed as one. */
const STEPS = 4;

async function build(): Promise<NetworkModel> {
  await chooseBackend('wasm');
  return new NetworkModel(new TransformerNetwork(), BENCH_MODEL);
}

async function open(threads: number): Promise<Trainer<NetworkInput>> {
  const { optimizer, seed } = BENCH_TRAINING;
  const helpers = threads > 1 ? { entry: new URL(import.meta.url), task: null, count: threads - 1 } : null;
  return Trainer.open(await build(), { optimizer, seed, random: createRandom(seed), threads: helpers, state: null });
}

const rows = benchRows(new TransformerNetwork(), ROWS);

async function train(trainer: Trainer<NetworkInput>): Promise<void> {
  for (let step = 0; step < STEPS; step++) {
    const batch = Array.from({ length: BATCH_SIZE }, (_, i) => (trainer.steps * BATCH_SIZE + i) % ROWS);
    await trainer.step(rows.shards(batch, BENCH_WEIGHTS), 1e-3);
  }
}

/** Another process that trains as often as it is told to. */
async function serveProcess(): Promise<void> {
  const trainer = await open(1);
  process.on('message', async () => {
    await train(trainer);
    process.send?.('done');
  });
  process.send?.('ready');
}

const answer = (child: ChildProcess): Promise<void> => new Promise((resolve) => child.once('message', () => resolve()));

async function ask(child: ChildProcess): Promise<void> {
  const done = answer(child);
  child.send('train');
  await done;
}

/** Examples a second, medians. */
async function measure(): Promise<Record<string, number>> {
  const [one, two] = [await open(1), await open(2)];
  const children = [1, 2].map(() => fork(fileURLToPath(import.meta.url), ['--process']));
  await Promise.all(children.map(answer));
  const contestants: Record<string, { models: number; run: () => Promise<unknown>; times: number[] }> = {
    '1 thread': { models: 1, run: () => train(one), times: [] },
    '2 threads': { models: 1, run: () => train(two), times: [] },
    '2 processes': { models: 2, run: () => Promise.all(children.map(ask)), times: [] },
  };
  for (let round = -1; round < ROUNDS; round++) {
    for (const { run, times } of Object.values(contestants)) {
      const started = performance.now();
      await run();
      if (round >= 0) times.push((performance.now() - started) / 1000);
    }
  }
  const [alone, shared] = [one, two].map((trainer) => Buffer.from(trainer.state().parameters.trained.buffer));
  if (!alone.equals(shared)) throw new Error('2 threads: expected the bytes of 1 thread, got others');
  await Promise.all([one.close(), two.close()]);
  for (const child of children) child.kill();
  return Object.fromEntries(
    Object.entries(contestants).map(([name, { models, times }]) => {
      const seconds = median(times);
      return [name, (models * STEPS * BATCH_SIZE) / seconds];
    }),
  );
}

if (!isMainThread) serveStation<null, NetworkInput>(build);
else if (process.argv.includes('--process')) await serveProcess();
else {
  const rates = await measure();
  const table = Object.entries(rates).map(([name, examplesPerSecond]) => ({
    work: 'transformer-2x128, batch 64 x 32',
    name,
    examplesPerSecond: Math.round(examplesPerSecond),
    speedup: Number((examplesPerSecond / rates['1 thread']).toFixed(2)),
  }));
  if (process.argv.includes('--json')) console.log(JSON.stringify(table));
  else console.table(table);
}
