/**
 * Does memory stay flat? Trains a bag of n-grams and a transformer for many steps on batches whose ids and lengths vary,
 * and prints what TensorFlow.js holds and what the process holds on the way.
 *
 *   npm run build && node scripts/bench.mjs memory [--steps 5000] [--json]
 */
import * as tf from '@tensorflow/tfjs-core';
import { chooseBackend } from '../src/train/backend.ts';
import { staticLayers } from '../src/train/families/static.ts';
import type { Network } from '../src/train/network.ts';
import { NetworkModel } from '../src/train/network-model.ts';
import { createRandom } from '../src/train/random.ts';
import { StudentNetwork } from '../src/train/student-network.ts';
import { Trainer } from '../src/train/trainer/trainer.ts';
import { BENCH_MODEL, BENCH_TRAINING, BENCH_WEIGHTS, benchRows } from './lesson.ts';
import { TransformerNetwork } from './transformer-network.ts';

const VOCAB_SIZE = 5000;
const ROWS = 500;
const at = process.argv.indexOf('--steps');
const STEPS = at === -1 ? 5000 : Number(process.argv[at + 1]);

const transformer = (): TransformerNetwork =>
  new TransformerNetwork({ spec: { vocabSize: VOCAB_SIZE, hiddenSize: 16, innerSize: 32, numHeads: 2 }, tokens: 12 });

function bag(): Network {
  const texts = transformer();
  const network: Network = new StudentNetwork({
    spec: {
      name: 'bag',
      family: 'static',
      task: { kind: 'classify', labels: ['a', 'b'], multiLabel: false },
      tokenizer: { kind: 'hashed', buckets: VOCAB_SIZE, wordNgrams: 2, charNgrams: null },
      maxCharacters: 1000,
      maxTokens: 512,
      layers: staticLayers({ vocabSize: VOCAB_SIZE, numLabels: 2 }),
    },
    tokenizerTensors: new Map(),
  });
  network.encode = (text) => texts.encode(text).map((ids) => ids.subarray(0, Number(text) % 13));
  return network;
}

interface Row {
  readonly work: string;
  readonly step: number;
  readonly tensors: number;
  readonly tensorBytes: number;
  readonly residentMB: number;
}

async function watch(work: string, network: Network): Promise<Row[]> {
  const { optimizer, seed } = BENCH_TRAINING;
  const model = new NetworkModel(network, BENCH_MODEL);
  const data = benchRows(network, ROWS);
  const trainer = await Trainer.open(model, {
    optimizer,
    seed,
    random: createRandom(seed),
    threads: null,
    state: null,
  });
  const random = createRandom(7);
  const rows: Row[] = [];
  for (let step = 1; step <= STEPS; step++) {
    const batch = Array.from({ length: 16 }, () => Math.floor(ROWS * random.uniform()));
    await trainer.step(data.shards(batch, BENCH_WEIGHTS), 1e-3);
    if (step !== Math.ceil(STEPS / 50) && step % Math.ceil(STEPS / 5) !== 0) continue;
    const { numTensors, numBytes } = tf.memory();
    const residentMB = Math.round(process.memoryUsage().rss / 1e6);
    rows.push({ work, step, tensors: numTensors, tensorBytes: numBytes, residentMB });
  }
  await trainer.close();
  const [first] = rows;
  const grown = rows.find(({ tensors, tensorBytes }) => tensors > first.tensors || tensorBytes > first.tensorBytes);
  if (grown !== undefined)
    throw new Error(`${work}: expected ${first.tensors} tensors, got ${grown.tensors} at step ${grown.step}`);
  return rows;
}

await chooseBackend('wasm');
const table = [...(await watch('bag of n-grams', bag())), ...(await watch('transformer', transformer()))];
if (process.argv.includes('--json')) console.log(JSON.stringify(table));
else console.table(table);
