/**
 * How much faster two threads predict a batch than one, and than no pool at all. All take turns; the answers of all are
 * the same bits. Writes bench/results/batch.json.
 *
 *   npm run build && node scripts/bench.mjs batch [--samples 30] [--json]
 */
import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { readStudent } from '../src/runtime/node.ts';
import { createStudentPool } from '../src/runtime/node-pool.ts';
import { writeFileAtomic } from '../src/train/atomic-file.ts';
import { median } from '../src/train/evaluation/percentile.ts';
import { createRandom } from '../src/train/random.ts';
import { WORDS } from './runtime/case.ts';
import { convBench, staticBench, transformerBench } from './students.ts';

const OUTPUT = 'bench/results/batch.json';
const ENTRY = pathToFileURL(resolve('dist/runtime/node-worker.js'));
/** Texts of a batch, of 1 to 150 words. */
const TEXTS = 128;
const MOST_WORDS = 150;
const THREADS = [1, 2];

const { values } = parseArgs({ options: { samples: { type: 'string', default: '15' }, json: { type: 'boolean' } } });
const random = createRandom(5);
const below = (count: number): number => Math.floor(count * random.uniform());
const texts = Array.from({ length: TEXTS }, () =>
  Array.from({ length: 1 + below(MOST_WORDS) }, () => WORDS[below(WORDS.length)]).join(' '),
);
const sorted = [...texts].sort((a, b) => b.length - a.length);
const students = {
  static: await staticBench(32_768, 24),
  conv: await convBench(4000, 128),
  'transformer-2x128': await transformerBench(4000, 128, { layers: 2, hiddenSize: 128 }),
};
const rows = [];
for (const [student, bytes] of Object.entries(students)) rows.push(...(await measure(student, bytes)));
const report = { machine: { cpu: cpus()[0].model, cores: cpus().length, node: process.version }, texts: TEXTS, rows };
await mkdir('bench/results', { recursive: true });
await writeFileAtomic(OUTPUT, `${JSON.stringify(report, null, 1)}\n`);
if (values.json) console.log(JSON.stringify(report));
else console.table(rows);

/** Milliseconds of a batch: alone, alone with the texts sorted, and with pools. */
async function measure(student: string, bytes: Uint8Array) {
  const alone = readStudent(bytes);
  const pools = await Promise.all(THREADS.map((threads) => createStudentPool(bytes, { threads }, ENTRY)));
  const contestants = [
    { on: 'no pool', run: async () => alone.predict(texts) },
    { on: 'no pool, sorted by length', run: async () => alone.predict(sorted) },
    ...pools.map((pool, i) => ({ on: `pool of ${THREADS[i]}`, run: () => pool.predict(texts) })),
  ].map((one) => ({ ...one, times: [] as number[] }));
  const expected = alone.predict(texts);
  for (const pool of pools) {
    if (!isDeepStrictEqual(await pool.predict(texts), expected)) throw new Error(`${student}: expected the same bits`);
  }
  for (let round = -2; round < Number(values.samples); round++) {
    for (const { run, times } of contestants) {
      const started = performance.now();
      await run();
      if (round >= 0) times.push(performance.now() - started);
    }
  }
  await Promise.all(pools.map((pool) => pool.close()));
  const p50s = contestants.map(({ times }) => median(times));
  return contestants.map(({ on }, i) => ({ student, on, p50Ms: p50s[i], speedup: p50s[0] / p50s[i] }));
}
