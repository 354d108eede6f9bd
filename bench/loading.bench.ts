/**
 * What the SHA-256 costs: a student of 300 KB and two of 1 MB, the second with its embedding in int4, from bytes to ready,
 * not checked (`readStudent`), checked (`loadStudent`), and checked with `integrity`, which hashes the whole file as well.
 * All take turns. Writes bench/results/loading.json.
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
  const ways = [() => readStudent(bytes), () => loadStudent(bytes), () => loadStudent(bytes, { integrity })];
  const times = ways.map(() => [] as number[]);
  for (let round = -WARM_UP; round < Number(values.samples); round++) {
    for (const [i, load] of ways.entries()) {
      const started = performance.now();
      (await load()).dispose();
      if (round >= 0) times[i].push(performance.now() - started);
    }
  }
  const [readMs, loadMs, integrityMs] = times.map(median);
  return { bytes: bytes.length, readMs, loadMs, integrityMs };
}
