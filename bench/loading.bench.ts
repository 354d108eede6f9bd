/**
 * What loading costs: a student of 300 KB and two of 1 MB, the second with its embedding in int4, from bytes to ready, not
 * checked (`readStudent`), checked (`loadStudent`), and checked with `integrity`, which hashes the whole file as well; and
 * what none of these can go below, a new memory of WebAssembly and one copy of the bytes into it. All take turns. Writes
 * bench/results/loading.json.
 *
 *   node scripts/bench.mjs loading [--samples 300] [--json]
 */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { loadStudent, readStudent } from '../src/runtime/node.ts';
import { writeFileAtomic } from '../src/train/atomic-file.ts';
import { median } from '../src/train/evaluation/percentile.ts';
import { copyAlone } from './runtime/contestants/floor.ts';
import { int4Bench, staticBench } from './students.ts';

const OUTPUT = 'bench/results/loading.json';
const WARM_UP = 20;

const { values } = parseArgs({ options: { samples: { type: 'string', default: '300' }, json: { type: 'boolean' } } });
const rows = [
  { embedding: 'int8', ...(await measure(await staticBench(9300, 24))) },
  { embedding: 'int8', ...(await measure(await staticBench(32_768, 24))) },
  { embedding: 'int4', ...(await measure(await int4Bench(47_600, 32))) },
];
const report = { machine: { cpu: cpus()[0].model, cores: cpus().length, node: process.version }, rows };
await mkdir('bench/results', { recursive: true });
await writeFileAtomic(OUTPUT, `${JSON.stringify(report, null, 1)}\n`);
if (values.json) console.log(JSON.stringify(report));
else console.table(rows);

async function measure(bytes: Uint8Array) {
  const integrity = `sha256-${createHash('sha256').update(bytes).digest('base64')}`;
  const [copyMs, readMs, loadMs, integrityMs] = await inTurns(Number(values.samples), [
    () => copyAlone(bytes),
    () => readStudent(bytes).dispose(),
    async () => (await loadStudent(bytes)).dispose(),
    async () => (await loadStudent(bytes, { integrity })).dispose(),
  ]);
  return { bytes: bytes.length, copyMs, readMs, loadMs, integrityMs };
}

/** @returns the median milliseconds of each */
async function inTurns(samples: number, ways: readonly (() => unknown)[]): Promise<readonly number[]> {
  const times = ways.map(() => [] as number[]);
  for (let round = -WARM_UP; round < samples; round++) {
    for (const [i, run] of ways.entries()) {
      const started = performance.now();
      await run();
      if (round >= 0) times[i].push(performance.now() - started);
    }
  }
  return times.map(median);
}
