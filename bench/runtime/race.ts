/**
 * Runs every contestant on a host, in rounds, and makes rows of the best round of each: what else runs on the machine only
 * ever adds to a time, and for minutes at once.
 */
import { parseStudent } from '../../src/format/index.ts';
import { median } from '../../src/train/evaluation/percentile.ts';
import type { StudentName } from './case.ts';
import type { CheckedCase } from './check.ts';
import type { ContestantName } from './contestants/names.ts';
import type { Host } from './host.ts';
import type { Job, Latency, LatencyAnswer, StartAnswer } from './job.ts';
import { operations } from './operations.ts';
import type { Row, Start } from './row.ts';
import type { Sampling } from './sampling.ts';
import { shippedBytes } from './shipped.ts';

/** How much to measure. */
export interface RacePlan {
  readonly folder: string;
  readonly contestants: readonly ContestantName[];
  readonly rounds: number;
  readonly sampling: Sampling;
  /** Called after each process. */
  readonly onDone: (what: string) => void;
}

/** A case, and how long it took in a round. */
interface TimedCase extends Latency {
  readonly subject: CheckedCase;
}

/** What one contestant did on one host, in all rounds. */
interface Measured {
  readonly contestant: ContestantName;
  readonly cases: readonly CheckedCase[];
  readonly hot: TimedCase[];
  readonly cold: TimedCase[];
  readonly loadsMs: number[];
  readonly starts: StartAnswer[];
}

/** Those of which WebAssembly is a part that a page compiles when it opens. */
const isWebAssembly = (name: ContestantName): boolean => name !== 'retort-scalar' && name !== 'onnxruntime-node-int8';

/** The scalar reference needs half a minute for 32 long texts; it is there to be compared with, not to be used so. */
const isTimed = (contestant: ContestantName, { student, batch }: CheckedCase): boolean =>
  contestant !== 'retort-scalar' || batch === 1 || !student.startsWith('transformer');

/** Contestants and rounds of a host: how often {@link RacePlan.onDone} is called. */
export function raceLength(host: Host, { contestants, rounds }: Pick<RacePlan, 'contestants' | 'rounds'>): number {
  return rounds * contestants.filter((contestant) => host.runs(contestant)).length;
}

/** Measures a student, whose file is `bytes`, on a host. */
export async function race(
  host: Host,
  student: StudentName,
  bytes: Uint8Array,
  cases: readonly CheckedCase[],
  plan: RacePlan,
): Promise<{ readonly rows: readonly Row[]; readonly starts: readonly Start[] }> {
  const all = plan.contestants
    .filter((contestant) => host.runs(contestant))
    .map((contestant): Measured => {
      const timed = cases.filter((one) => isTimed(contestant, one));
      return { contestant, cases: timed, hot: [], cold: [], loadsMs: [], starts: [] };
    });
  for (let round = 0; round < plan.rounds; round++) {
    for (const one of all) {
      await measure(host, student, one, round, plan);
      plan.onDone(`${student}, ${host.name}, ${one.contestant}`);
    }
  }
  const { layers } = parseStudent(bytes).spec;
  const rows: Row[] = [];
  const starts: Start[] = [];
  for (const { contestant, cases: timed, hot, cold, loadsMs, starts: first } of all) {
    if (hot.length === 0) continue;
    const gzipBytes = await shippedBytes(contestant);
    const rssMb = first.length === 0 ? null : median(first.map((start) => start.rssMb));
    for (const one of timed) {
      const { seqLen, batch } = one;
      const { p50Ms, p95Ms } = bestOf(hot, one)!;
      const coldMs = bestOf(cold, one)?.p50Ms ?? null;
      const gops = (batch * operations(layers, seqLen)) / p50Ms / 1e6;
      const subject = { host: host.name, contestant, student, seqLen, batch };
      rows.push({ ...subject, p50Ms, p95Ms, coldMs, loadMs: Math.min(...loadsMs), gops, gzipBytes, rssMb });
    }
    if (first.length === 0) continue;
    const firstLoadMs = Math.min(...first.map((start) => start.firstLoadMs));
    starts.push({ host: host.name, contestant, student, firstLoadMs });
  }
  return { rows, starts };
}

/** The best round of a case; undefined where it was in none. */
function bestOf(rounds: readonly TimedCase[], one: CheckedCase): TimedCase | undefined {
  return rounds.filter(({ subject }) => subject === one).sort((a, b) => a.p50Ms - b.p50Ms)[0];
}

/** A round of a contestant. Batches, and the scalar reference, which no bound is about, are in the first one alone. */
async function measure(
  host: Host,
  student: StudentName,
  measured: Measured,
  round: number,
  { folder, sampling }: RacePlan,
): Promise<void> {
  const { contestant, hot, cold, loadsMs, starts } = measured;
  if (round > 0 && contestant === 'retort-scalar') return;
  const cases = measured.cases.filter(({ batch }) => round === 0 || batch === 1);
  const latency = { kind: 'latency', contestant, student, folder, cases, sampling } satisfies Job;
  const timed = ({ latencies }: LatencyAnswer): readonly TimedCase[] =>
    latencies.map((one, i) => ({ ...one, subject: cases[i] }));
  const answer = await host.work(latency, false);
  if (answer === null) return;
  hot.push(...timed(answer));
  loadsMs.push(answer.loadMs);
  if (!host.hasProcesses) return;
  if (isWebAssembly(contestant)) cold.push(...timed((await host.work(latency, true))!));
  starts.push((await host.work({ kind: 'start', contestant, student, folder }, false))!);
}
