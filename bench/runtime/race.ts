/** Has every contestant on a host take turns at each case of a student, and makes rows of what they took. */
import { parseStudent } from '../../src/format/index.ts';
import { median } from '../../src/train/evaluation/percentile.ts';
import type { Case, StudentName } from './case.ts';
import type { CheckedCase } from './check.ts';
import { type ContestantName, FLOORS, isFloor, type SeatName } from './contestants/names.ts';
import { type Host, isNode, type NodeHost, type Seat } from './host.ts';
import type { Entry, StartAnswer, Turn } from './job.ts';
import { operations } from './operations.ts';
import { type Latency, type RotationPlan, rotate } from './rotation.ts';
import type { Floor, Row, Start } from './row.ts';
import { shippedBytes } from './shipped.ts';

/** How much to measure. */
export interface RacePlan {
  readonly folder: string;
  readonly contestants: readonly SeatName[];
  /** Of a case, as long as it is about one text. */
  readonly budgetMs: number;
  /** Called after each stage. */
  readonly onStage: (what: string) => void;
}

/** Of a turn; before it, calls that bring back what the others have pushed out of the caches. */
const TURN = { warmUpMs: 2, budgetMs: 8 };
/** Before the first turn, for each case. */
const WARM_UP_MS = 150;
const LEAST_ROTATIONS = 5;
/** Rotations of calls on several texts and of the reference, which no bound is about, and first loads of a process. */
const FEW_ROTATIONS = 3;

/** The scalar reference needs seconds for long texts; it is there to be compared with, and has few turns of its own. */
const isReference = (name: SeatName): boolean => name === 'retort-scalar';
/** Those of which WebAssembly is a part that a page compiles when it opens. */
const isWebAssembly = (name: SeatName): boolean =>
  !isReference(name) && !isFloor(name) && name !== 'onnxruntime-node-int8';

/** Stages of a student on a host: how often {@link RacePlan.onStage} is called. */
export function raceLength(host: Host, cases: readonly Case[]): number {
  return cases.length + 1 + (isNode(host) ? cases.filter(({ batch }) => batch === 1).length + 1 : 0);
}

/** What a race gives. */
export interface Outcome {
  readonly rows: readonly Row[];
  readonly starts: readonly Start[];
  readonly floors: readonly Floor[];
}

/** A student and what is asked of it. */
export interface Subject {
  readonly student: StudentName;
  readonly vocabSize: number;
  /** Its file. */
  readonly bytes: Uint8Array;
  readonly cases: readonly CheckedCase[];
}

/** Measures a student on a host. */
export async function race(
  host: Host,
  { student, vocabSize, bytes, cases }: Subject,
  plan: RacePlan,
): Promise<Outcome> {
  const { folder, contestants } = plan;
  const entries = contestants
    .filter((contestant) => host.runs(contestant))
    .map((contestant): Entry => ({ contestant, student, vocabSize, folder }));
  const done = (stage: string): void => plan.onStage(`${student}, ${host.name}, ${stage}`);
  const { hot, loads } = await hotTimes(host, entries, cases, plan.budgetMs, done);
  const cold: CaseTimes = isNode(host) ? await coldTimes(host, entries, cases, plan.budgetMs, done) : new Map();
  const first: Starts = isNode(host) ? await firstLoads(host, entries, done) : new Map();
  const { layers } = parseStudent(bytes).spec;
  const rows: Row[] = [];
  const floors: Floor[] = [];
  for (const { contestant } of entries) {
    if (!loads.has(contestant)) continue;
    const loadMs = loads.get(contestant)!.p50Ms;
    if (isFloor(contestant)) {
      for (const one of cases) {
        const p50Ms = hot.get(one)!.get(contestant)?.p50Ms;
        const subject = { host: host.name, module: FLOORS[contestant], student, seqLen: one.seqLen };
        if (p50Ms !== undefined) floors.push({ ...subject, p50Ms, loadMs });
      }
      continue;
    }
    const gzipBytes = await shippedBytes(contestant);
    const rssMb = first.get(contestant)?.rssMb ?? null;
    for (const one of cases) {
      const latency = hot.get(one)!.get(contestant);
      if (latency === undefined) continue;
      const { seqLen, batch } = one;
      const gops = (batch * operations(layers, seqLen)) / latency.p50Ms / 1e6;
      const coldMs = cold.get(one)?.get(contestant)?.p50Ms ?? null;
      const subject = { host: host.name, contestant, student, seqLen, batch };
      rows.push({ ...subject, ...latency, coldMs, loadMs, gops, gzipBytes, rssMb });
    }
  }
  const starts = [...first].map(([contestant, { firstLoadMs }]) => {
    return { host: host.name, contestant, student, firstLoadMs };
  });
  return { rows, starts, floors };
}

type Times = ReadonlyMap<SeatName, Latency>;
type Starts = ReadonlyMap<ContestantName, StartAnswer>;
type CaseTimes = ReadonlyMap<CheckedCase, Times>;
/** Seats with the cases that they are asked about, in the order of the plan. */
type Seats = ReadonlyMap<SeatName, Seat & { readonly cases: readonly CheckedCase[] }>;

async function hotTimes(
  host: Host,
  entries: readonly Entry[],
  cases: readonly CheckedCase[],
  budgetMs: number,
  done: (stage: string) => void,
): Promise<{ readonly hot: CaseTimes; readonly loads: Times }> {
  return seated(host, entries, cases, false, async (seats) => {
    const hot = new Map<CheckedCase, Times>();
    for (const one of cases) {
      hot.set(one, await timesOf(seats, one, rotationsOf(one, budgetMs)));
      done(`${one.batch} x ${one.seqLen} tokens`);
    }
    const loads = await timesOf(seats, 'load', { budgetMs, leastRotations: LEAST_ROTATIONS });
    done('loads');
    return { hot, loads };
  });
}

/** With the baseline compiler alone, of one text. */
async function coldTimes(
  host: NodeHost,
  entries: readonly Entry[],
  cases: readonly CheckedCase[],
  budgetMs: number,
  done: (stage: string) => void,
): Promise<CaseTimes> {
  const single = cases.filter(({ batch }) => batch === 1);
  const wasm = entries.filter(({ contestant }) => isWebAssembly(contestant));
  return seated(host, wasm, single, true, async (seats) => {
    const cold = new Map<CheckedCase, Times>();
    for (const one of single) {
      cold.set(one, await timesOf(seats, one, rotationsOf(one, budgetMs)));
      done(`cold, ${one.seqLen} tokens`);
    }
    return cold;
  });
}

function rotationsOf({ batch }: CheckedCase, budgetMs: number): RotationPlan {
  return batch === 1 ? { budgetMs, leastRotations: LEAST_ROTATIONS } : { budgetMs: 0, leastRotations: FEW_ROTATIONS };
}

/** The reference has half a minute for a batch of long texts, which is not worth it; floors are of one text. */
function isTimed(contestant: SeatName, { student, batch }: CheckedCase): boolean {
  if (batch === 1) return true;
  return !isFloor(contestant) && !(isReference(contestant) && student.startsWith('transformer'));
}

/** Has every contestant sit that can run the student, until `measure` is done. */
async function seated<T>(
  host: Host,
  entries: readonly Entry[],
  cases: readonly CheckedCase[],
  isCold: boolean,
  measure: (seats: Seats) => Promise<T>,
): Promise<T> {
  const seats = new Map<SeatName, Seat & { readonly cases: readonly CheckedCase[] }>();
  try {
    for (const entry of entries) {
      const timed = cases.filter((one) => isTimed(entry.contestant, one));
      const seat = await host.seat({ ...entry, cases: timed, warmUpMs: WARM_UP_MS }, isCold);
      if (seat !== null) seats.set(entry.contestant, { ...seat, cases: timed });
    }
    return await measure(seats);
  } finally {
    for (const seat of seats.values()) seat.close();
  }
}

/** Those beside the reference in turns, and the reference by itself. */
async function timesOf(seats: Seats, subject: CheckedCase | 'load', plan: RotationPlan): Promise<Times> {
  const times = new Map<SeatName, Latency>();
  const turns = [...seats].flatMap(([name, { cases, takeTurn }]) => {
    const what: Turn['what'] = subject === 'load' ? subject : cases.indexOf(subject);
    return what === -1 ? [] : [{ name, take: () => takeTurn({ what, sampling: TURN }) }];
  });
  const inTurns = async (some: typeof turns, rotations: RotationPlan): Promise<void> => {
    const latencies = await rotate(
      some.map(({ take }) => take),
      rotations,
    );
    for (const [i, { name }] of some.entries()) times.set(name, latencies[i]);
  };
  const [own, others] = [true, false].map((wanted) => turns.filter(({ name }) => isReference(name) === wanted));
  if (others.length > 0) await inTurns(others, plan);
  if (own.length > 0) await inTurns(own, { budgetMs: 0, leastRotations: FEW_ROTATIONS });
  return times;
}

/** The first load of a process, and its memory: the least of the one, which noise only adds to, the median of the other. */
async function firstLoads(host: NodeHost, entries: readonly Entry[], done: (stage: string) => void): Promise<Starts> {
  const all = new Map<ContestantName, StartAnswer[]>();
  for (let rotation = 0; rotation < FEW_ROTATIONS; rotation++) {
    for (const entry of entries) {
      const { contestant } = entry;
      if (isFloor(contestant)) continue;
      const answer = await host.work({ ...entry, kind: 'start' }, false);
      if (answer !== null) all.set(contestant, [...(all.get(contestant) ?? []), answer]);
    }
  }
  done('first loads');
  return new Map(
    [...all].map(([contestant, answers]) => {
      const firstLoadMs = Math.min(...answers.map((answer) => answer.firstLoadMs));
      return [contestant, { firstLoadMs, rssMb: median(answers.map((answer) => answer.rssMb)) }];
    }),
  );
}
