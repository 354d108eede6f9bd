/**
 * Does the time of a step depend on the vocabulary? Trains the same network over tables of 8,000 and of 200,000 rows,
 * step by step in turns, on batches that use equally many rows.
 *
 *   npm run build && node scripts/bench.mjs sparse [--json]
 */
import * as tf from '@tensorflow/tfjs-core';
import { chooseBackend } from '../src/train/backend.ts';
import { median } from '../src/train/evaluation/percentile.ts';
import { staticLayers } from '../src/train/families/static.ts';
import type { Network } from '../src/train/network.ts';
import { type NetworkInput, NetworkModel } from '../src/train/network-model.ts';
import { createRandom } from '../src/train/random.ts';
import { StudentNetwork } from '../src/train/student-network.ts';
import { Trainer } from '../src/train/trainer/trainer.ts';
import { BENCH_MODEL, BENCH_TRAINING, BENCH_WEIGHTS, benchRows } from './lesson.ts';
import { TransformerNetwork } from './transformer-network.ts';

const VOCABULARIES = [8000, 200_000];
const ROWS = 512;
const WARMUP_STEPS = 5;

/** Both vocabularies read the ids of the small one, so that steps do the same work: scattered over a larger table. */
function transformer(vocabSize: number): Network {
  const small = new TransformerNetwork({ spec: { vocabSize: VOCABULARIES[0] } });
  const network = new TransformerNetwork({ spec: { vocabSize } });
  network.encode = (text) => small.encode(text).map((ids) => spread(ids, vocabSize));
  return network;
}

/** The rows of a bag are a few cache lines wide: what scattering them costs is told apart from what their number costs. */
function bag(vocabSize: number, scattered: boolean): Network {
  const small = new TransformerNetwork({ spec: { vocabSize: VOCABULARIES[0] }, tokens: 300 });
  const network = new StudentNetwork({
    spec: {
      name: 'bag',
      family: 'static',
      task: { kind: 'classify', labels: ['a', 'b'], multiLabel: false },
      tokenizer: { kind: 'hashed', buckets: vocabSize, wordNgrams: 2, charNgrams: null },
      maxCharacters: 1000,
      maxTokens: 512,
      layers: staticLayers({ vocabSize, numLabels: 2 }),
    },
    tokenizerTensors: new Map(),
  });
  network.encode = (text) => small.encode(text).map((ids) => (scattered ? spread(ids, vocabSize) : ids));
  return network;
}

/** Ids of the small vocabulary over the whole of a larger one. */
function spread(ids: Int32Array, vocabSize: number): Int32Array {
  return ids.map((id) => Math.floor((id * vocabSize) / VOCABULARIES[0]));
}

interface Row {
  readonly work: string;
  readonly vocabSize: number;
  readonly stepMs: number;
  readonly ratio: number;
}

async function measure(work: string, build: (vocabSize: number) => Network, steps: number): Promise<Row[]> {
  const { optimizer, seed } = BENCH_TRAINING;
  const networks = VOCABULARIES.map(build);
  const data = networks.map((network) => benchRows(network, ROWS));
  const open = (network: Network): Promise<Trainer<NetworkInput>> => {
    const model = new NetworkModel(network, BENCH_MODEL);
    return Trainer.open(model, { optimizer, seed, random: createRandom(seed), threads: null, state: null });
  };
  const trainers = [await open(networks[0]), await open(networks[1])];
  const times: number[][] = [[], []];
  const tensors: number[] = [];
  for (let step = -WARMUP_STEPS; step < steps; step++) {
    const batch = Array.from({ length: 64 }, (_, i) => ((step + WARMUP_STEPS) * 64 + i) % ROWS);
    for (const turn of [step & 1, 1 - (step & 1)]) {
      const started = performance.now();
      await trainers[turn].step(data[turn].shards(batch, BENCH_WEIGHTS), 1e-3);
      if (step >= 0) times[turn].push(performance.now() - started);
    }
    tensors.push(tf.memory().numTensors);
  }
  if (new Set(tensors).size !== 1)
    throw new Error(`${work}: expected tensors to stay ${tensors[0]}, got ${tensors.at(-1)}`);
  for (const trainer of trainers) await trainer.close();
  const medians = times.map(median);
  return VOCABULARIES.map((vocabSize, i) => ({ work, vocabSize, stepMs: medians[i], ratio: medians[i] / medians[0] }));
}

await chooseBackend('wasm');
const table = [
  ...(await measure('bag of 300 ids, width 24', (vocabSize) => bag(vocabSize, false), 200)),
  ...(await measure('the same, ids scattered', (vocabSize) => bag(vocabSize, true), 200)),
  ...(await measure('transformer-2x128, ids scattered', transformer, 25)),
];
if (process.argv.includes('--json')) console.log(JSON.stringify(table));
else {
  console.log('Step of 64 texts, median, in turns:');
  console.table(table);
}
