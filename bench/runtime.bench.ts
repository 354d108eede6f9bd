/**
 * Retort beside other runtimes, the same students in all of them:
 *
 *   npm ci --prefix bench && npm run build
 *   npm run bench:runtime [-- --students conv --hosts node20,workerd --contestants retort-simd --budget 1500
 *                             --resume --output bench/results/runtime.json --json]
 *
 * Every contestant has a process of its own, and its answers are checked before anything is timed; those of Retort have
 * to be the bits of its scalar reference on every host. Then they take turns of some milliseconds, for `--budget`
 * milliseconds a case, and the quieter half counts. Prints a table and writes bench/results/runtime.json, a row a
 * measurement, after each student and host; `--resume` keeps the rows of those that are there already.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../src/train/atomic-file.ts';
import { casesOf, STUDENTS, type StudentName } from './runtime/case.ts';
import { checkedCase } from './runtime/check.ts';
import { CONTESTANTS } from './runtime/contestants/names.ts';
import { writeFiles } from './runtime/files.ts';
import type { Host } from './runtime/host.ts';
import type { Job, SeatPlan } from './runtime/job.ts';
import { serveSeat, work } from './runtime/process.ts';
import { type RacePlan, race, raceLength } from './runtime/race.ts';
import { printRows, type Results } from './runtime/row.ts';
import { vocabSizeIn } from './runtime/vocab-size.ts';
import { workFolder } from './runtime/work-folder.ts';
import { TimeLeft } from './time-left.ts';

/** Seconds of a stage of a student, about. */
const WEIGHTS: { readonly [Name in StudentName]: number } = {
  least: 5,
  static: 6,
  'static-words': 5,
  conv: 6,
  'chain-8x256': 6,
  'transformer-2x128': 8,
  'transformer-4x256': 15,
};

const { values } = parseArgs({
  options: {
    job: { type: 'string' },
    seat: { type: 'string' },
    budget: { type: 'string', default: '1500' },
    hosts: { type: 'string' },
    contestants: { type: 'string' },
    students: { type: 'string' },
    output: { type: 'string', default: 'bench/results/runtime.json' },
    resume: { type: 'boolean' },
    json: { type: 'boolean' },
  },
});

if (values.job !== undefined) console.log(JSON.stringify(await work(JSON.parse(values.job) as Job)));
else if (values.seat !== undefined) await serveSeat(JSON.parse(values.seat) as SeatPlan);
else await main();

async function main(): Promise<void> {
  if (!existsSync('bench/node_modules')) throw new Error('bench/node_modules is missing. Run: npm ci --prefix bench');
  const folder = workFolder('retort-bench-');
  const { openHosts } = await import('./runtime/host.ts');
  const hosts = await openHosts(fileURLToPath(import.meta.url), values.hosts?.split(',') ?? null);
  let results: Results =
    values.resume && existsSync(values.output)
      ? JSON.parse(await readFile(values.output, 'utf8'))
      : { machine: { cpu: cpus()[0].model, cores: cpus().length }, rows: [], starts: [] };
  const isDone = (student: StudentName, host: Host): boolean =>
    results.rows.some((row) => row.student === student && row.host === host.name);
  const todo = chosen(STUDENTS, values.students).map((student) => ({
    student,
    hosts: hosts.filter((host) => !isDone(student, host)),
  }));
  const plan: Omit<RacePlan, 'onStage'> = {
    folder,
    contestants: chosen(CONTESTANTS, values.contestants),
    budgetMs: Number(values.budget),
  };
  const units = todo.map(({ student, hosts: left }) => {
    const cases = casesOf(student);
    return left.reduce((sum, host) => sum + WEIGHTS[student] * raceLength(host, cases), 0);
  });
  const timeLeft = new TimeLeft(units.reduce((a, b) => a + b, 0));
  await mkdir(dirname(values.output), { recursive: true });
  try {
    for (const { student, hosts: left } of todo.filter((one) => one.hosts.length > 0)) {
      const files = await writeFiles(folder, student);
      const cases = casesOf(student).map((one) => checkedCase(one, files, vocabSizeIn(files.student)));
      const onStage = (what: string): void => timeLeft.advance(WEIGHTS[student], what);
      for (const host of left) {
        const { rows, starts } = await race(host, student, files.student, cases, { ...plan, onStage });
        results = { ...results, rows: [...results.rows, ...rows], starts: [...results.starts, ...starts] };
        await writeFileAtomic(values.output, `${JSON.stringify(results, null, 1)}\n`);
      }
    }
  } finally {
    await Promise.all(hosts.map((host) => host.close()));
  }
  if (values.json) console.log(JSON.stringify(results, null, 1));
  else {
    const { cpu, cores } = results.machine;
    console.log(`${cpu}, ${cores} cores; written to ${values.output}`);
    printRows(results.rows);
  }
}

function chosen<T extends string>(all: readonly T[], wanted: string | undefined): readonly T[] {
  const names = wanted?.split(',');
  const unknown = names?.find((name) => !all.includes(name as T));
  if (unknown !== undefined) throw new Error(`expected some of ${all.join(', ')}, got ${unknown}`);
  return all.filter((name) => names?.includes(name) ?? true);
}
