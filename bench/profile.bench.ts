/**
 * Where the time of Retort goes: the share of every primitive, the rates of the products, and beside them the rates that
 * the engine reaches with the instructions of a product, and of what goes with it, and nothing else.
 *
 *   node scripts/bench.mjs profile [--students conv,transformer-2x128 --tokens 128 --budget 500 --json]
 *
 * On this Node, and on the one of bench/package.json where it is installed; with both compilers of the engine, `cold` is
 * the baseline alone. Writes bench/results/profile.json.
 */
import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../src/train/atomic-file.ts';
import { casesOf, type StudentName } from './runtime/case.ts';
import { writeCeilingModules } from './runtime/ceiling-modules.ts';
import type { RetortName } from './runtime/contestants/names.ts';
import { writeFiles } from './runtime/files.ts';
import { openNodes } from './runtime/host.ts';
import type { Job, ProfileAnswer } from './runtime/job.ts';
import { work } from './runtime/process.ts';
import { vocabSizeIn } from './runtime/vocab-size.ts';
import { workFolder } from './runtime/work-folder.ts';
import { TimeLeft } from './time-left.ts';

const OUTPUT = 'bench/results/profile.json';
const MODULES: readonly RetortName[] = ['retort-simd', 'retort-relaxed'];

const { bareShare } = (await import(resolve('scripts/profile-table.mjs'))) as {
  readonly bareShare: (row: ProfileAnswer) => number;
};

const { values } = parseArgs({
  options: {
    job: { type: 'string' },
    students: { type: 'string', default: 'conv,chain-8x256,transformer-2x128,transformer-4x256' },
    tokens: { type: 'string', default: '128' },
    budget: { type: 'string', default: '500' },
    json: { type: 'boolean' },
  },
});

if (values.job === undefined) await main();
else console.log(JSON.stringify(await work(JSON.parse(values.job) as Job)));

/** A profile, and of what. */
interface Row extends ProfileAnswer {
  readonly host: string;
  readonly contestant: RetortName;
  readonly isCold: boolean;
  readonly student: StudentName;
  readonly seqLen: number;
}

async function main(): Promise<void> {
  const folder = workFolder('retort-profile-');
  const students = values.students.split(',') as StudentName[];
  const hosts = await openNodes(fileURLToPath(import.meta.url));
  const runs = hosts.flatMap((host) =>
    MODULES.filter((contestant) => host.runs(contestant)).flatMap((contestant) =>
      [false, true].map((isCold) => ({ host, contestant, isCold })),
    ),
  );
  const timeLeft = new TimeLeft(students.length * runs.length);
  const rows: Row[] = [];
  try {
    await writeCeilingModules(folder);
    for (const student of students) {
      const vocabSize = vocabSizeIn((await writeFiles(folder, student)).student);
      const seqLen = Math.min(Number(values.tokens), casesOf(student).at(-1)!.seqLen);
      for (const { host, contestant, isCold } of runs) {
        const subject = { contestant, student, seqLen };
        const job = {
          kind: 'profile',
          ...subject,
          vocabSize,
          batch: 1,
          folder,
          budgetMs: Number(values.budget),
        } satisfies Job;
        rows.push({ host: host.name, isCold, ...subject, ...(await host.work(job, isCold))! });
        timeLeft.advance(1, `${student}, ${host.name}, ${contestant}${isCold ? ', cold' : ''}`);
      }
    }
  } finally {
    await Promise.all(hosts.map((host) => host.close()));
  }
  const report = { machine: { cpu: cpus()[0].model, cores: cpus().length }, rows };
  await mkdir('bench/results', { recursive: true });
  await writeFileAtomic(OUTPUT, `${JSON.stringify(report, null, 1)}\n`);
  if (values.json) console.log(JSON.stringify(report, null, 1));
  else for (const row of rows) print(row);
}

function print(row: Row): void {
  const { student, host, contestant, isCold, p50Ms, shares, gops, ceiling } = row;
  const parts = shares.map(({ primitive, share }) => `${primitive} ${Math.round(100 * share)} %`).join(', ');
  console.log(`${student}, ${host}, ${contestant}${isCold ? ', cold' : ''}: ${p50Ms.toPrecision(3)} ms; ${parts}`);
  const rate = (own: number | null): string => (own === null ? 'none' : own.toFixed(1));
  console.log(
    `  GOPS: products ${rate(gops.matmulInt8)} of ${ceiling.products.toFixed(1)}; attention ${rate(gops.attention)}; bare arithmetic ${Math.round(100 * bareShare(row))} % of the time`,
  );
}
