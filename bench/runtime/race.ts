/** Runs every contestant on a host, in rounds, so that noise hits all alike, and makes rows of the medians. */
import { parseStudent } from '../../src/format/index.ts';
import { casesOf, type StudentName } from './case.ts';
import type { ContestantName } from './contestants/names.ts';
import type { Host } from './host.ts';
import type { LatencyAnswer, StartAnswer } from './job.ts';
import { operations } from './operations.ts';
import type { Row } from './row.ts';
import { median, type Sampling } from './sampling.ts';
import { shippedBytes } from './shipped.ts';

/** How much to measure. */
export interface RacePlan {
  readonly folder: string;
  readonly contestants: readonly ContestantName[];
  readonly rounds: number;
  readonly sampling: Sampling;
  /** Loads of a round. */
  readonly loads: number;
}

interface Measured {
  readonly contestant: ContestantName;
  readonly hot: LatencyAnswer[];
  readonly cold: LatencyAnswer[];
  readonly starts: StartAnswer[];
}

/** Those of which WebAssembly is a part that a page compiles when it opens. */
const isWebAssembly = (name: ContestantName): boolean => name !== 'retort-scalar' && name !== 'onnxruntime-node-int8';

/**
 * @param student its file
 * @returns rows, and the bits of what each Retort answered, which have to be the same everywhere
 */
export async function race(
  host: Host,
  name: StudentName,
  student: Uint8Array,
  plan: RacePlan,
): Promise<{ readonly rows: readonly Row[]; readonly answers: readonly string[] }> {
  const measured = plan.contestants
    .filter((contestant) => host.runs(contestant))
    .map((contestant): Measured => ({ contestant, hot: [], cold: [], starts: [] }));
  for (let round = 0; round < plan.rounds; round++) {
    for (const one of measured) await measure(host, name, one, plan);
  }
  const { layers } = parseStudent(student).spec;
  const rows: Row[] = [];
  for (const { contestant, hot, cold, starts } of measured) {
    if (hot.length === 0) continue;
    const gzipBytes = await shippedBytes(contestant);
    for (const [i, { seqLen, batch }] of casesOf(name).entries()) {
      const p50Ms = median(hot.map(({ latencies }) => latencies[i].p50Ms));
      rows.push({
        host: host.name,
        contestant,
        student: name,
        seqLen,
        batch,
        p50Ms,
        p95Ms: median(hot.map(({ latencies }) => latencies[i].p95Ms)),
        coldMs: cold.length === 0 ? null : median(cold.map(({ latencies }) => latencies[i].p50Ms)),
        loadMs: starts.length === 0 ? null : median(starts.map(({ loadMs }) => loadMs)),
        warmLoadMs: median(hot.map(({ warmLoadMs }) => warmLoadMs)),
        gops: (batch * operations(layers, seqLen)) / p50Ms / 1e6,
        gzipBytes,
        rssMb: starts.length === 0 ? null : median(starts.map(({ rssMb }) => rssMb)),
      });
    }
  }
  const own = measured.filter(({ contestant }) => contestant.startsWith('retort'));
  const answers = own.flatMap(({ hot, cold }) =>
    [...hot, ...cold].map(({ latencies }) => latencies.map((latency) => latency.answers).join()),
  );
  return { rows, answers };
}

async function measure(host: Host, student: StudentName, measured: Measured, plan: RacePlan): Promise<void> {
  const { folder, sampling, loads } = plan;
  const { contestant, hot, cold, starts } = measured;
  const latency = { kind: 'latency', contestant, student, folder, cases: casesOf(student), sampling, loads } as const;
  const answer = await host.work(latency, false);
  if (answer === null) return;
  hot.push(answer);
  if (!host.hasProcesses) return;
  if (isWebAssembly(contestant)) cold.push((await host.work(latency, true))!);
  starts.push((await host.work({ kind: 'start', contestant, student, folder }, false))!);
}
