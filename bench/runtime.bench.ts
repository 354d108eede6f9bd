/**
 * Retort beside other runtimes, the same students in all of them:
 *
 *   npm ci --prefix bench && npm run build
 *   npm run bench:runtime [-- --rounds 3 --samples 200 --hosts node20,workerd --contestants retort-simd --json]
 *
 * Every contestant runs in processes of its own, and its answers are checked before anything is timed; those of Retort
 * have to be the same bits on every host. Prints a table and writes bench/results/runtime.json, a row a measurement.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../src/train/atomic-file.ts';
import { STUDENTS } from './runtime/case.ts';
import { CONTESTANTS } from './runtime/contestants/names.ts';
import { writeFiles } from './runtime/files.ts';
import type { Job } from './runtime/job.ts';
import { work } from './runtime/process.ts';
import { race } from './runtime/race.ts';
import { printRows, type Row } from './runtime/row.ts';

const OUTPUT = 'bench/results/runtime.json';

const { values } = parseArgs({
  options: {
    job: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    samples: { type: 'string', default: '200' },
    'warm-up': { type: 'string', default: '300' },
    hosts: { type: 'string' },
    contestants: { type: 'string' },
    students: { type: 'string' },
    json: { type: 'boolean' },
  },
});

if (values.job === undefined) await main();
else console.log(JSON.stringify(await work(JSON.parse(values.job) as Job)));

async function main(): Promise<void> {
  if (!existsSync('bench/node_modules')) throw new Error('bench/node_modules is missing. Run: npm ci --prefix bench');
  const folder = await mkdtemp(join(tmpdir(), 'retort-bench-'));
  const { openHosts } = await import('./runtime/host.ts');
  const hosts = await openHosts(fileURLToPath(import.meta.url), values.hosts?.split(',') ?? null);
  const samples = Number(values.samples);
  const plan = {
    folder,
    contestants: chosen(CONTESTANTS, values.contestants),
    rounds: Number(values.rounds),
    sampling: { warmUpMs: Number(values['warm-up']), samples },
    loads: Math.ceil(samples / 10),
  };
  const rows: Row[] = [];
  try {
    for (const name of chosen(STUDENTS, values.students)) {
      const { student } = await writeFiles(folder, name);
      const answers = new Set<string>();
      for (const host of hosts) {
        const { rows: measured, answers: own } = await race(host, name, student, plan);
        rows.push(...measured);
        for (const answer of own) answers.add(answer);
        if (answers.size > 1)
          throw new Error(`${name}: expected the same bits on every host, got others on ${host.name}`);
      }
    }
  } finally {
    await Promise.all(hosts.map((host) => host.close()));
    await rm(folder, { recursive: true });
  }
  const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version };
  await mkdir('bench/results', { recursive: true });
  await writeFileAtomic(OUTPUT, `${JSON.stringify({ machine, rows }, null, 1)}\n`);
  if (values.json) console.log(JSON.stringify({ machine, rows }, null, 1));
  else {
    console.log(`${machine.cpu}, ${machine.cores} cores; written to ${OUTPUT}`);
    printRows(rows);
  }
}

function chosen<T extends string>(all: readonly T[], wanted: string | undefined): readonly T[] {
  const names = wanted?.split(',');
  const unknown = names?.find((name) => !all.includes(name as T));
  if (unknown !== undefined) throw new Error(`expected some of ${all.join(', ')}, got ${unknown}`);
  return all.filter((name) => names?.includes(name) ?? true);
}
