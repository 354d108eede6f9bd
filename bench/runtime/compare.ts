/** Has every contestant run every student on every host, and keeps what they took. */
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../../src/train/atomic-file.ts';
import { TimeLeft } from '../time-left.ts';
import { casesOf, STUDENTS, type StudentName } from './case.ts';
import { writeCeilingModules } from './ceiling-modules.ts';
import { CONTESTANTS, FLOORS, type FloorName, type SeatName } from './contestants/names.ts';
import { writeFiles } from './files.ts';
import { type Host, isNode, openHosts } from './host.ts';
import { type Outcome, type RacePlan, race, raceLength } from './race.ts';
import { checkedCase } from './reference.ts';
import { type Floor, printRows, type Results, type Row, type Start } from './row.ts';
import { vocabSizeIn } from './vocab-size.ts';
import { workFolder } from './work-folder.ts';

const SEATS: readonly SeatName[] = [...CONTESTANTS, ...(Object.keys(FLOORS) as FloorName[])];

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

/** What the command line asks for; lists are parted by commas, undefined means all. */
export interface Wanted {
  /** The bundled benchmark, which does a job, or seats a contestant, where it is called with one. */
  readonly script: string;
  readonly students?: string | undefined;
  readonly hosts?: string | undefined;
  readonly contestants?: string | undefined;
  readonly budget: string;
  readonly output: string;
  readonly resume: boolean;
  readonly again: boolean;
  readonly json: boolean;
}

/** Measures what is asked for, and writes it. */
export async function compare(values: Wanted): Promise<void> {
  if (!existsSync('bench/node_modules')) throw new Error('bench/node_modules is missing. Run: npm ci --prefix bench');
  const folder = workFolder('retort-bench-');
  const hosts = await openHosts(values.script, values.hosts?.split(',') ?? null);
  let results: Results =
    (values.resume || values.again) && existsSync(values.output)
      ? JSON.parse(await readFile(values.output, 'utf8'))
      : { machine: { cpu: cpus()[0].model, cores: cpus().length }, rows: [], starts: [], floors: [] };
  const isDone = (student: StudentName, host: Host): boolean =>
    values.again ? !isNode(host) : results.rows.some((row) => row.student === student && row.host === host.name);
  const todo = chosen(STUDENTS, values.students).map((student) => ({
    student,
    hosts: hosts.filter((host) => !isDone(student, host)),
  }));
  const plan: Omit<RacePlan, 'onStage'> = {
    folder,
    contestants: chosen(SEATS, values.contestants),
    budgetMs: Number(values.budget),
  };
  const units = todo.map(({ student, hosts: left }) => {
    const cases = casesOf(student);
    return left.reduce((sum, host) => sum + WEIGHTS[student] * raceLength(host, cases), 0);
  });
  const timeLeft = new TimeLeft(units.reduce((a, b) => a + b, 0));
  await mkdir(dirname(values.output), { recursive: true });
  try {
    await writeCeilingModules(folder);
    for (const { student, hosts: left } of todo.filter((one) => one.hosts.length > 0)) {
      const files = await writeFiles(folder, student);
      const vocabSize = vocabSizeIn(files.student);
      const cases = casesOf(student).map((one) => checkedCase(one, files, vocabSize));
      const onStage = (what: string): void => timeLeft.advance(WEIGHTS[student], what);
      for (const host of left) {
        const outcome = await race(host, { student, vocabSize, bytes: files.student, cases }, { ...plan, onStage });
        const before = partOf(results, (one) => one.student === student && one.host === host.name);
        if (before.rows.length > 0 && floorMs(before) <= floorMs(outcome)) continue;
        const others = partOf(results, (one) => one.student !== student || one.host !== host.name);
        results = { machine: results.machine, ...joined(others, outcome) };
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

/** How fast the machine was in a race: what its floors took in SIMD128. */
function floorMs({ floors }: Outcome): number {
  const own = floors.filter(({ module }) => module === 'retort-simd');
  return own.length === 0 ? Number.POSITIVE_INFINITY : own.reduce((sum, { p50Ms }) => sum + p50Ms, 0);
}

function partOf({ rows, starts, floors }: Outcome, isWanted: (one: Row | Start | Floor) => boolean): Outcome {
  return { rows: rows.filter(isWanted), starts: starts.filter(isWanted), floors: floors.filter(isWanted) };
}

function joined(a: Outcome, b: Outcome): Outcome {
  return {
    rows: [...a.rows, ...b.rows],
    starts: [...a.starts, ...b.starts],
    floors: [...a.floors, ...b.floors],
  };
}

function chosen<T extends string>(all: readonly T[], wanted: string | undefined): readonly T[] {
  const names = wanted?.split(',');
  const unknown = names?.find((name) => !all.includes(name as T));
  if (unknown !== undefined) throw new Error(`expected some of ${all.join(', ')}, got ${unknown}`);
  return all.filter((name) => names?.includes(name) ?? true);
}
