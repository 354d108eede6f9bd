/**
 * What does an embedding in int4 cost? Trains the pairs of students of examples/quickstart/int4.config.ts, which differ in
 * nothing else, with three seeds each, and compares the files of a pair: bytes, accuracy, how often they decide alike, time.
 * Writes results/int4.json. Takes some minutes after `npm run build`.
 *
 *   node scripts/run.mjs scripts/int4.ts
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { readStudent, type Student } from 'retort-edge';
import {
  createTransferSet,
  type DataFunction,
  type Dataset,
  distill,
  evaluateStudent,
  measureLatency,
  medianInput,
  resolveConfig,
} from 'retort-edge/train';
import config from '../examples/quickstart/int4.config.ts';
import { parseStudent } from '../src/format/index.ts';
import { writeFileAtomic } from '../src/train/atomic-file.ts';
import { agreementOf } from '../src/train/evaluation/evaluate.ts';
import { median } from '../src/train/evaluation/percentile.ts';

const OUTPUT = 'results/int4.json';
const CONFIG_FOLDER = 'examples/quickstart';
const SEEDS = [0, 1, 2];
const ROUNDS = 11;
const RUNS = { warmup: 500, runs: 1000 };

/** What is known of one file. */
interface Measured {
  readonly bytes: number;
  readonly gzipBytes: number;
  readonly accuracy: number;
  /** Share of test rows on which it decides as its own float weights do. */
  readonly floatAgreement: number;
  readonly p50Ms: number;
}

/** A student in both precisions. */
interface Pair {
  readonly name: string;
  readonly int8: Measured;
  readonly int4: Measured;
  /** Share of test rows on which both decide alike. */
  readonly agreement: number;
}

/** The tensors of a student that are no embedding. */
function otherTensors(bytes: Uint8Array): unknown {
  return [...parseStudent(bytes).tensors].filter(([name]) => !name.startsWith('layers.0.'));
}

async function evaluate(file: string, dataset: Dataset) {
  const bytes = await readFile(file);
  const student = readStudent(bytes);
  return { bytes, student, evaluation: await evaluateStudent(student, createTransferSet(dataset, dataset.test, null)) };
}

/** Median of the p50 of several rounds, in which both students take turns: what else runs here slows both. */
async function timeTwins(students: readonly Student[], dataset: Dataset): Promise<readonly number[]> {
  const input = medianInput(dataset.test.map(({ fields }) => fields[dataset.studentField]));
  const rounds = students.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, student] of students.entries()) rounds[i].push((await measureLatency(student, input, RUNS)).p50Ms);
  }
  return rounds.map(median);
}

async function runSeed(seed: number) {
  const outDir = resolve(`out/int4/seed-${seed}`);
  const resolved = resolveConfig({ ...config, seeds: [seed], outDir }, resolve(CONFIG_FOLDER));
  const { metrics } = await distill(resolved, {
    onProgress: ({ stage, done, total }) => process.stderr.write(`\rseed ${seed}, ${stage} ${done}/${total}   `),
  });
  const dataset = await (resolved.data as DataFunction)({ cacheDir: resolved.cacheDir, seed });
  const pairs: Pair[] = [];
  for (let i = 0; i < metrics.students.length; i += 2) {
    const twins = metrics.students.slice(i, i + 2);
    const [a, b] = [
      await evaluate(join(outDir, twins[0].file), dataset),
      await evaluate(join(outDir, twins[1].file), dataset),
    ];
    if (!isDeepStrictEqual(otherTensors(a.bytes), otherTensors(b.bytes))) {
      throw new Error(`${twins[1].name}: expected the weights of ${twins[0].name} behind the embedding, got others`);
    }
    const p50Ms = await timeTwins([a.student, b.student], dataset);
    const [int8, int4] = [a, b].map(({ bytes, evaluation }, twin) => ({
      bytes: bytes.length,
      gzipBytes: gzipSync(bytes, { level: 9 }).length,
      accuracy: evaluation.accuracy,
      floatAgreement: twins[twin].floatAgreement,
      p50Ms: p50Ms[twin],
    }));
    pairs.push({ name: twins[0].name, int8, int4, agreement: agreementOf(a.evaluation, b.evaluation, dataset) });
  }
  return { metrics, run: { seed, pairs } };
}

const all = [];
for (const seed of SEEDS) all.push(await runSeed(seed));
process.stderr.write('\n');
const { dataset, backend, machine } = all[0].metrics;
const record = { dataset, backend, machine, seeds: SEEDS, runs: all.map(({ run }) => run) };
await writeFileAtomic(OUTPUT, `${JSON.stringify(record, null, 1)}\n`);
process.stdout.write(`written to ${OUTPUT}\n`);
