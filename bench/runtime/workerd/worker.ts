/// <reference path="../../../src/runtime/wasm.d.ts" />
/** Does a job inside workerd: the student is the body, the job a parameter of the address. */
import relaxed from '../../../src/runtime/kernels/relaxed.wasm';
import simd from '../../../src/runtime/kernels/simd.wasm';
import { percentile } from '../../../src/train/evaluation/percentile.ts';
import { inputOf, readsTexts } from '../case.ts';
import { faultOf } from '../check.ts';
import type { Runner } from '../contestants/contestant.ts';
import { RETORT_BACKENDS, type RetortName } from '../contestants/names.ts';
import { retortOnIds, retortOnTexts } from '../contestants/retort.ts';
import type { Job, LatencyAnswer } from '../job.ts';
import { sample } from '../sampling.ts';
import { vocabSizeIn } from '../vocab-size.ts';

// biome-ignore lint/style/noDefaultExport: a Worker is the default export of its module.
export default {
  async fetch(request: Request): Promise<Response> {
    const job = JSON.parse(new URL(request.url).searchParams.get('job')!) as Extract<Job, { kind: 'latency' }>;
    try {
      return Response.json(await work(job, new Uint8Array(await request.arrayBuffer())));
    } catch (error) {
      return new Response((error as Error).stack ?? String(error), { status: 500 });
    }
  },
};

async function work(job: Extract<Job, { kind: 'latency' }>, bytes: Uint8Array): Promise<LatencyAnswer> {
  const vocabSize = vocabSizeIn(bytes);
  const backend = RETORT_BACKENDS[job.contestant as RetortName];
  const load = (): Runner =>
    (readsTexts(job.student) ? retortOnTexts : retortOnIds)(() => ({ simd, relaxed }), bytes, backend);
  const runner = load();
  const latencies = [];
  for (const one of job.cases) {
    const call = runner.prepare(inputOf(one, vocabSize));
    const fault = faultOf(job.contestant, one, call() as Float32Array);
    if (fault !== null) throw new Error(`${job.contestant}, ${one.seqLen} tokens: ${fault}; nothing was timed`);
    const times = await sample(call, job.sampling);
    latencies.push({ p50Ms: percentile(times, 0.5), p95Ms: percentile(times, 0.95) });
  }
  const first = inputOf({ seqLen: 16, batch: 1 }, vocabSize);
  const loads = await sample(() => load().prepare(first)(), job.sampling);
  return { latencies, loadMs: percentile(loads, 0.5) };
}
