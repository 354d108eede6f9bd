/** Runs every contestant on a host, in rounds, so that noise hits all alike, and makes rows of the medians. */
import { parseStudent } from '../../src/format/index.ts';
import { median } from '../../src/train/evaluation/percentile.ts';
import type { StudentName } from './case.ts';
import type { CheckedCase } from './check.ts';
import type { ContestantName } from './contestants/names.ts';
import type { Host } from './host.ts';
import type { Job, LatencyAnswer, StartAnswer } from './job.ts';
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

/** What one contestant did on one host. */
interface Measured {
  readonly contestant: ContestantName;
  readonly cases: readonly CheckedCase[];
  readonly hot: LatencyAnswer[];
  readonly cold: LatencyAnswer[];
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
      return { contestant, cases: timed, hot: [], cold: [], starts: [] };
    });
  for (let round = 0; round < plan.rounds; round++) {
    for (const one of all) {
      await measure(host, student, one, plan);
      plan.onDone(`${student}, ${host.name}, ${one.contestant}`);
    }
  }
  const { layers } = parseStudent(bytes).spec;
  const rows: Row[] = [];
  const starts: Start[] = [];
  for (const { contestant, cases: timed, hot, cold, starts: first } of all) {
    if (hot.length === 0) continue;
    const gzipBytes = await shippedBytes(contestant);
    const rssMb = medianOf(first, (start) => start.rssMb);
    const loadMs = medianOf(hot, (answer) => answer.loadMs)!;
    for (const [i, { seqLen, batch }] of timed.entries()) {
      const p50Ms = medianOf(hot, ({ latencies }) => latencies[i].p50Ms)!;
      const p95Ms = medianOf(hot, ({ latencies }) => latencies[i].p95Ms)!;
      const coldMs = medianOf(cold, ({ latencies }) => latencies[i].p50Ms);
      const gops = (batch * operations(layers, seqLen)) / p50Ms / 1e6;
      const subject = { host: host.name, contestant, student, seqLen, batch };
      rows.push({ ...subject, p50Ms, p95Ms, coldMs, loadMs, gops, gzipBytes, rssMb });
    }
    const firstLoadMs = medianOf(first, (start) => start.firstLoadMs);
    if (firstLoadMs !== null) starts.push({ host: host.name, contestant, student, firstLoadMs });
  }
  return { rows, starts };
}

/** Null of nothing. */
function medianOf<T>(answers: readonly T[], pick: (answer: T) => number): number | null {
  return answers.length === 0 ? null : median(answers.map(pick));
}

/** A round of a contestant; the baseline compiler, which has no state that differs between processes, in one alone. */
async function measure(host: Host, student: StudentName, measured: Measured, plan: RacePlan): Promise<void> {
  const { folder, sampling } = plan;
  const { contestant, cases, hot, cold, starts } = measured;
  const latency = { kind: 'latency', contestant, student, folder, cases, sampling } satisfies Job;
  const answer = await host.work(latency, false);
  if (answer === null) return;
  hot.push(answer);
  if (!host.hasProcesses) return;
  if (isWebAssembly(contestant) && cold.length === 0) cold.push((await host.work(latency, true))!);
  starts.push((await host.work({ kind: 'start', contestant, student, folder }, false))!);
}
