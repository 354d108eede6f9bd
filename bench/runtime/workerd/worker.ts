/// <reference path="../../../src/runtime/wasm.d.ts" />
/** Does a job inside workerd: the student is the body, the job a parameter of the address. */
import { parseStudent, type TextStudentSpec } from '../../../src/format/index.ts';
import simd from '../../../src/runtime/kernels/simd.wasm';
import { inputOf } from '../case.ts';
import type { Runner } from '../contestants/contestant.ts';
import { retortOnIds, retortOnTexts } from '../contestants/retort.ts';
import type { Job, LatencyAnswer } from '../job.ts';
import { quantile, sample } from '../sampling.ts';

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
  const { tokenizer } = parseStudent(bytes).spec as TextStudentSpec;
  const vocabSize = tokenizer.kind === 'hashed' ? tokenizer.buckets : tokenizer.vocabSize;
  const backend = job.contestant === 'retort-simd' ? 'simd' : 'scalar';
  const load = (): Runner => (job.student === 'static-words' ? retortOnTexts : retortOnIds)(() => simd, bytes, backend);
  const runner = load();
  const latencies = [];
  for (const one of job.cases) {
    const input = inputOf(one, vocabSize);
    const call = runner.prepare(input);
    const answers = hex(call() as Float32Array);
    const times = await sample(call, job.sampling);
    latencies.push({ p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95), answers });
  }
  const first = inputOf({ seqLen: 16, batch: 1 }, vocabSize);
  const loads = await sample(() => load().prepare(first)(), job.sampling);
  return { latencies, warmLoadMs: quantile(loads, 0.5) };
}

function hex(answers: Float32Array): string {
  const bytes = new Uint8Array(answers.buffer, answers.byteOffset, answers.byteLength);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
