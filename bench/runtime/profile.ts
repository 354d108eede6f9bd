/** Where the time of a student goes, by primitive. */
import { parseStudent } from '../../src/format/index.ts';
import { inlinedModules } from '../../src/runtime/kernels/inlined.ts';
import type { Kernels } from '../../src/runtime/kernels/kernels.ts';
import { median } from '../../src/train/evaluation/percentile.ts';
import { inputOf } from './case.ts';
import { measureCeiling } from './ceiling.ts';
import type { StudentFiles } from './contestants/contestant.ts';
import { RETORT_BACKENDS } from './contestants/names.ts';
import { retortOnIds } from './contestants/retort.ts';
import type { Job, ProfileAnswer } from './job.ts';
import { operations } from './operations.ts';
import { vocabSizeIn } from './vocab-size.ts';

/** Runs a student with a clock around every primitive. */
export async function profile(
  job: Extract<Job, { kind: 'profile' }>,
  { student: bytes }: StudentFiles,
): Promise<ProfileAnswer> {
  const backend = RETORT_BACKENDS[job.contestant];
  const input = inputOf(job, vocabSizeIn(bytes));
  const spent = new Map<keyof Kernels, number>();
  const plain = retortOnIds(inlinedModules, bytes, backend).prepare(input);
  const clocked = retortOnIds(inlinedModules, bytes, backend, (kernels) => withClock(kernels, spent)).prepare(input);
  for (const call of [plain, clocked]) repeat(call, job.budgetMs);
  spent.clear();
  const clockedCalls = repeat(clocked, job.budgetMs).length;
  const p50Ms = median(repeat(plain, job.budgetMs));
  const total = [...spent.values()].reduce((a, b) => a + b, 0);
  const shares = [...spent]
    .map(([primitive, ms]) => ({ primitive, share: ms / total }))
    .sort((a, b) => b.share - a.share);
  const { layers } = parseStudent(bytes).spec;
  const counts = {
    matmulInt8: operations(layers, job.seqLen, 'dense'),
    attention: operations(layers, job.seqLen, 'attention'),
  };
  const rate = (primitive: keyof typeof counts): number | null => {
    const ms = spent.get(primitive);
    return ms === undefined ? null : (clockedCalls * counts[primitive]) / ms / 1e6;
  };
  return {
    p50Ms,
    shares,
    operations: counts,
    gops: { matmulInt8: rate('matmulInt8'), attention: rate('attention') },
    ceiling: await measureCeiling(job.folder, job.contestant),
  };
}

/** @returns milliseconds of each call */
function repeat(call: () => unknown, budgetMs: number): number[] {
  const times: number[] = [];
  for (const end = performance.now() + budgetMs; performance.now() < end; ) {
    const started = performance.now();
    call();
    times.push(performance.now() - started);
  }
  return times;
}

/** The same primitives, each of which adds what it takes to `spent`. */
function withClock(kernels: Kernels, spent: Map<keyof Kernels, number>): Kernels {
  return new Proxy(kernels, {
    get(target, name: keyof Kernels) {
      const primitive = target[name] as (...values: number[]) => void;
      return (...values: number[]): void => {
        const started = performance.now();
        primitive.apply(target, values);
        spent.set(name, (spent.get(name) ?? 0) + performance.now() - started);
      };
    },
  });
}
