/**
 * Training on every backend that runs here: `npm run bench:train [-- --rounds 5] [--json]`
 *
 * Contestants train in threads of their own (PyTorch in a process) and take turns, so that noise hits all alike. Before
 * anything is timed, the first losses of all must agree. Writes bench/results/train.json. PyTorch runs where
 * RETORT_PYTORCH names a Python that has it; `tfjs-node` and `webgpu` where their packages are installed, the latter on
 * the device that Dawn finds (scripts/build-tfjs-node.sh and scripts/try-webgpu.sh say how to come by both here).
 */
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../src/train/atomic-file.ts';
import { median } from '../src/train/evaluation/percentile.ts';
import type { NetworkInput } from '../src/train/network-model.ts';
import { serveStation } from '../src/train/trainer/threads.ts';
import { answering, setBackend } from './train/answers.ts';
import { Contestant, contestantName, helpedWork, type Measured, type Question, serve } from './train/contestant.ts';
import { benchModel } from './train/own.ts';
import { operations, PRODUCTS, productName } from './train/products.ts';
import { startPyTorch } from './train/pytorch.ts';
import { printRows, type Row } from './train/rows.ts';
import { stepOperations, WORKLOADS, type WorkloadName } from './train/workload.ts';

/** Losses of a run may differ by this share: sums in other orders, and a gradient that is clipped or not. */
const LOSS_TOLERANCE = 0.01;
const FIRST_LOSS_TOLERANCE = 1e-4;
const CHECKED_STEPS = 3;
/** About as long for each. */
const STEPS_A_TURN: Readonly<Record<string, number>> = { wasm: 5, pytorch: 10 };

const OUTPUT = 'bench/results/train.json';

/** 15 mails of about 500 characters. */
const MAILS = Array.from({ length: 15 }, (_, i) =>
  `mail ${i}: thank you for your order of the blue lamp which has left our house this morning and will be with you `
    .repeat(5)
    .slice(0, 480 + 3 * i),
);

const role = contestantName();
if (role === null) await main();
else if (role === 'helper') {
  serveStation<unknown, NetworkInput>(async () => {
    await setBackend('wasm');
    return benchModel(WORKLOADS[helpedWork()]);
  });
} else serve(answering(role));

interface Racer {
  readonly backend: string;
  readonly workers: number;
  ask(question: Question): Promise<Measured>;
  end(): Promise<void>;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' }, json: { type: 'boolean' } } });
  const rounds = Number(values.rounds);
  const rows = [
    ...(await training('transformer-2x128', rounds)),
    ...(await training('minilm-finetune', rounds)),
    ...(await training('conv', rounds)),
    ...(await products(rounds)),
    ...(await labelling(rounds)),
  ];
  const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version };
  await mkdir('bench/results', { recursive: true });
  await writeFileAtomic(OUTPUT, `${JSON.stringify({ machine, rows }, null, 1)}\n`);
  if (values.json) console.log(JSON.stringify({ machine, rows }, null, 1));
  else {
    console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; written to ${OUTPUT}`);
    printRows(rows);
  }
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    console.log(`${name}: skipped; it is not installed`);
    return false;
  }
}

function threadRacer(backend: string, workers: number): Racer {
  const contestant = new Contestant(workers === 1 ? backend : `${backend}-${workers}`);
  return { backend, workers, ask: (question) => contestant.ask(question), end: () => contestant.end() };
}

/** Runs a question in turns, and keeps the median of each racer. */
async function race(racers: readonly Racer[], questions: readonly Question[], rounds: number): Promise<number[]> {
  const times = racers.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    for (const [i, racer] of racers.entries()) times[i].push(...(await racer.ask(questions[i])).ms);
  }
  return times.map(median);
}

async function training(work: WorkloadName, rounds: number): Promise<readonly Row[]> {
  const isLarge = work === 'minilm-finetune';
  const racers = [
    threadRacer('wasm', 1),
    threadRacer('wasm', 2),
    threadRacer('wasm-stock', 1),
    ...(isLarge ? [] : [threadRacer('cpu', 1)]),
    ...(isInstalled('@tensorflow/tfjs-node') ? [threadRacer('tfjs-node', 1)] : []),
    ...(isInstalled('webgpu') && !isLarge ? [threadRacer('webgpu', 1)] : []),
    ...(await startPyTorch(work, [1, 2])),
  ];
  try {
    // A step that takes a hundred times as long is taken twice: the first one checks the others, the second is timed.
    const isSlow = ({ backend }: Racer): boolean =>
      backend === 'cpu' || backend === 'webgpu' || (isLarge && backend === 'wasm-stock');
    const first: Measured[] = [];
    for (const racer of racers) {
      first.push(await racer.ask({ kind: 'train', work, steps: isSlow(racer) ? 1 : CHECKED_STEPS }));
      expectSameLosses(racer, first[first.length - 1].check, first[0].check);
    }
    const second: (number | null)[] = [];
    for (const racer of racers) {
      second.push(isSlow(racer) ? (await racer.ask({ kind: 'train', work, steps: 1 })).ms[0] : null);
    }
    const timed = racers.filter((racer) => !isSlow(racer));
    const medians = await race(
      timed,
      timed.map(({ backend }) => ({ kind: 'train', work, steps: isLarge ? 1 : (STEPS_A_TURN[backend] ?? 1) })),
      rounds,
    );
    return racers.map((racer, i) => {
      const stepMs = isSlow(racer) ? second[i]! : medians[timed.indexOf(racer)];
      const { backend, workers } = racer;
      const gflops = stepOperations(WORKLOADS[work]) / stepMs / 1e6;
      return {
        backend,
        workers,
        work,
        stepMs,
        gflops,
        examplesPerSecond: (1000 * WORKLOADS[work].batch) / stepMs,
      };
    });
  } finally {
    await Promise.all(racers.map((racer) => racer.end()));
  }
}

function expectSameLosses({ backend, workers }: Racer, losses: readonly number[], expected: readonly number[]): void {
  for (const [step, loss] of losses.entries()) {
    const tolerance = step === 0 ? FIRST_LOSS_TOLERANCE : LOSS_TOLERANCE;
    if (Math.abs(loss - expected[step]) <= tolerance * expected[step]) continue;
    throw new Error(
      `${backend}, ${workers} workers: expected a loss of ${expected[step]} in step ${step + 1}, got ${loss}; nothing was timed`,
    );
  }
}

async function products(rounds: number): Promise<readonly Row[]> {
  const racers = [threadRacer('wasm', 1), threadRacer('wasm-stock', 1)];
  const rows: Row[] = [];
  try {
    for (const product of PRODUCTS) {
      const runs = Math.ceil(2e8 / operations(product));
      const question: Question = { kind: 'multiply', product, runs };
      const [own, stock] = await Promise.all(racers.map((racer) => racer.ask(question)));
      for (const [i, value] of own.check.entries()) {
        if (Math.abs(value - stock.check[i]) > 1e-3) throw new Error(`${productName(product)}: answers differ`);
      }
      const medians = await race(racers, [question, question], rounds);
      for (const [i, { backend, workers }] of racers.entries()) {
        const gflops = operations(product) / medians[i] / 1e6;
        rows.push({
          backend,
          workers,
          work: productName(product),
          stepMs: medians[i],
          gflops,
          examplesPerSecond: null,
        });
      }
    }
    return rows;
  } finally {
    await Promise.all(racers.map((racer) => racer.end()));
  }
}

/** A batch of mails through the sentence encoder of the quickstart. */
async function labelling(rounds: number): Promise<readonly Row[]> {
  const racers = [threadRacer('wasm', 1), threadRacer('wasm-stock', 1)];
  const question: Question = { kind: 'label', texts: MAILS };
  try {
    const [own, stock] = [await racers[0].ask(question), await racers[1].ask(question)];
    for (const [i, value] of own.check.entries()) {
      if (Math.abs(value - stock.check[i]) > 1e-4) throw new Error('labelling: the features differ');
    }
    const medians = await race(racers, [question, question], rounds);
    return racers.map(({ backend, workers }, i) => {
      const work = 'label-use-15-mails';
      return { backend, workers, work, stepMs: medians[i], gflops: null, examplesPerSecond: 15_000 / medians[i] };
    });
  } finally {
    await Promise.all(racers.map((racer) => racer.end()));
  }
}
