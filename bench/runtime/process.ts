/** A measuring process: it does one job, whose text is its last argument, and prints the answer as JSON. */
import { percentile } from '../../src/train/evaluation/percentile.ts';
import { type Case, inputOf } from './case.ts';
import { faultOf } from './check.ts';
import type { Contestant, Runner, StudentFiles } from './contestants/contestant.ts';
import { loadContestant } from './contestants/index.ts';
import { readFiles } from './files.ts';
import type { Answer, Job, LatencyAnswer, StartAnswer } from './job.ts';
import { profile } from './profile.ts';
import { type Sampling, sample } from './sampling.ts';
import { vocabSizeIn } from './vocab-size.ts';

/** Does the job. Throws where an answer of the contestant is wrong. */
export async function work(job: Job): Promise<Answer> {
  const files = await readFiles(job.folder, job.student);
  if (job.kind === 'profile') return profile(job, files);
  return job.kind === 'start' ? start(job, files) : latency(job, files);
}

/** The least input: one text of the first length. */
const FIRST: Omit<Case, 'student'> = { seqLen: 16, batch: 1 };

async function start(job: Job, files: StudentFiles): Promise<StartAnswer | null> {
  const input = inputOf(FIRST, vocabSizeIn(files.student));
  const idleBytes = process.memoryUsage.rss();
  const contestant = await loadContestant(job.contestant, job.student);
  if (contestant === null) return null;
  const started = performance.now();
  const runner = await contestant.load(files);
  await runner.prepare(input)();
  const firstLoadMs = performance.now() - started;
  return { firstLoadMs, rssMb: (process.memoryUsage.rss() - idleBytes) / 2 ** 20 };
}

async function latency(job: Extract<Job, { kind: 'latency' }>, files: StudentFiles): Promise<LatencyAnswer | null> {
  const right = await loadRight(job, files);
  if (right === null) return null;
  const { contestant, runner } = right;
  const latencies = [];
  for (const one of job.cases) {
    const call = runner.prepare(inputOf(one, vocabSizeIn(files.student)));
    const fault = faultOf(job.contestant, one, await call());
    if (fault !== null) throw new Error(`${job.contestant}, ${describe(one)}: ${fault}; nothing was timed`);
    const times = await sample(call, job.sampling);
    latencies.push({ p50Ms: percentile(times, 0.5), p95Ms: percentile(times, 0.95) });
  }
  await runner.dispose();
  return { latencies, loadMs: await warmLoad(contestant, files, job.sampling) };
}

/** ONNX Runtime in Node multiplies signed weights wrong on some processors; there it gets the unsigned ones. */
async function loadRight(
  job: Extract<Job, { kind: 'latency' }>,
  files: StudentFiles,
): Promise<{ contestant: Contestant; runner: Runner } | null> {
  const isRight = async (runner: Runner): Promise<boolean> => {
    for (const one of job.cases) {
      const answers = await runner.prepare(inputOf(one, vocabSizeIn(files.student)))();
      if (faultOf(job.contestant, one, answers) !== null) return false;
    }
    return true;
  };
  for (const format of ['onnxInt8', 'onnxUint8'] as const) {
    const contestant = await loadContestant(job.contestant, job.student, format);
    if (contestant === null) return null;
    const runner = await contestant.load(files);
    const isLast = format === 'onnxUint8' || job.contestant !== 'onnxruntime-node-int8';
    if (isLast || (await isRight(runner))) return { contestant, runner };
    await runner.dispose();
  }
  return null;
}

/** Milliseconds from bytes to a first answer, where the same was done before in this process. */
async function warmLoad(contestant: Contestant, files: StudentFiles, sampling: Sampling): Promise<number> {
  return percentile(await sample(firstAnswerOf(contestant, files), sampling), 0.5);
}

/** Something to time: from bytes to a first answer. */
export function firstAnswerOf(contestant: Contestant, files: StudentFiles): () => Promise<void> {
  const input = inputOf(FIRST, vocabSizeIn(files.student));
  return async () => {
    const runner = await contestant.load(files);
    await runner.prepare(input)();
    await runner.dispose();
  };
}

function describe({ student, seqLen, batch }: Case): string {
  return `${student}, ${batch} x ${seqLen} tokens`;
}
