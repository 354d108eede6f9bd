/** Where the time of a student goes, by primitive. */
import { parseStudent } from '../../src/format/index.ts';
import { inlinedModules } from '../../src/runtime/kernels/inlined.ts';
import type { Kernels } from '../../src/runtime/kernels/kernels.ts';
import { inputOf } from './case.ts';
import { ceilingLoops } from './ceiling.ts';
import type { StudentFiles } from './contestants/contestant.ts';
import { RETORT_BACKENDS } from './contestants/names.ts';
import { retortOnIds } from './contestants/retort.ts';
import type { Job, ProfileAnswer } from './job.ts';
import { operations, type Work, workOf } from './operations.ts';
import { rotate } from './rotation.ts';
import { sample } from './sampling.ts';

const TURN = { warmUpMs: 1, budgetMs: 8 };
/** Of each loop of bare instructions: some tenths of a millisecond. */
const LOOP_OPERATIONS: Work = { products: 4e6, outputs: 2e5, inputs: 2e5, weights: 2e5, gelus: 2e5 };

/** Runs a student with a clock around every primitive, and without, in turns with the bare instructions. */
export async function profile(
  job: Extract<Job, { kind: 'profile' }>,
  { student: bytes }: StudentFiles,
): Promise<ProfileAnswer> {
  const backend = RETORT_BACKENDS[job.contestant];
  const input = inputOf(job, job.vocabSize);
  const spent = new Map<keyof Kernels, number>();
  const plain = retortOnIds(inlinedModules, bytes, backend).prepare(input);
  const clocked = retortOnIds(inlinedModules, bytes, backend, (kernels) => withClock(kernels, spent)).prepare(input);
  const loops = await ceilingLoops(job.folder, job.contestant);
  const runs = [
    plain,
    ...loops.map(
      ({ name, run }) =>
        () =>
          run(LOOP_OPERATIONS[name]),
    ),
  ];
  const { budgetMs } = job;
  for (const run of [clocked, ...runs]) await sample(run, { warmUpMs: budgetMs, budgetMs: 0 });
  spent.clear();
  await sample(clocked, { warmUpMs: 0, budgetMs });
  const total = [...spent.values()].reduce((a, b) => a + b, 0);
  const shareOf = (primitive: keyof Kernels): number => (spent.get(primitive) ?? 0) / total;
  const takeTurns = runs.map((run) => () => sample(run, TURN));
  const [{ p50Ms }, ...bare] = await rotate(takeTurns, { budgetMs: runs.length * budgetMs, leastRotations: 5 });
  const { layers } = parseStudent(bytes).spec;
  const rate = (primitive: 'matmulInt8' | 'attention', kind: 'dense' | 'attention'): number | null => {
    const count = operations(layers, job.seqLen, kind);
    return count === 0 ? null : count / (shareOf(primitive) * p50Ms) / 1e6;
  };
  const ceiling = loops.map(({ name }, i) => [name, LOOP_OPERATIONS[name] / bare[i].p50Ms / 1e6]);
  return {
    p50Ms,
    shares: [...spent.keys()]
      .map((primitive) => ({ primitive, share: shareOf(primitive) }))
      .sort((a, b) => b.share - a.share),
    work: workOf(layers, job.seqLen),
    gops: { matmulInt8: rate('matmulInt8', 'dense'), attention: rate('attention', 'attention') },
    ceiling: Object.fromEntries(ceiling),
  };
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
