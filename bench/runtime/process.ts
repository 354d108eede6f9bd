/** A measuring process: it does one job, whose text is its last argument, and prints the answer as JSON. */
import { parseStudent, type TextStudentSpec } from '../../src/format/index.ts';
import { type Case, inputOf } from './case.ts';
import { AnswerCheck, bitsOf } from './check.ts';
import type { Contestant, Runner, StudentFiles } from './contestants/contestant.ts';
import { loadContestant } from './contestants/index.ts';
import { readFiles } from './files.ts';
import type { Answer, Job, LatencyAnswer, StartAnswer } from './job.ts';
import { median, quantile, sample } from './sampling.ts';

/** Does the job. Throws where an answer of the contestant is wrong. */
export async function work(job: Job): Promise<Answer> {
  const files = await readFiles(job.folder, job.student);
  return job.kind === 'start' ? start(job, files) : latency(job, files);
}

/** The least input: one text of the first length. */
const FIRST: Omit<Case, 'student'> = { seqLen: 16, batch: 1 };

async function start(job: Job, files: StudentFiles): Promise<StartAnswer | null> {
  const input = inputOf(FIRST, vocabSizeOf(files));
  const idleBytes = process.memoryUsage.rss();
  const contestant = await loadContestant(job.contestant, job.student);
  if (contestant === null) return null;
  const started = performance.now();
  const runner = await contestant.load(files);
  await runner.prepare(input)();
  const loadMs = performance.now() - started;
  return { loadMs, rssMb: (process.memoryUsage.rss() - idleBytes) / 2 ** 20 };
}

async function latency(job: Extract<Job, { kind: 'latency' }>, files: StudentFiles): Promise<LatencyAnswer | null> {
  const right = await loadRight(job, files);
  if (right === null) return null;
  const { contestant, runner } = right;
  const check = new AnswerCheck(job.student, files);
  const latencies = [];
  for (const one of job.cases) {
    const input = inputOf(one, vocabSizeOf(files));
    const call = runner.prepare(input);
    const answers = await call();
    const fault = check.fault(job.contestant, input, answers);
    if (fault !== null) throw new Error(`${job.contestant}, ${describe(one)}: ${fault}; nothing was timed`);
    const bits = bitsOf(answers);
    const times = await sample(call, job.sampling);
    latencies.push({ p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95), answers: bits });
  }
  await runner.dispose();
  return { latencies, warmLoadMs: await warmLoad(contestant, files, job.loads) };
}

/** ONNX Runtime in Node multiplies signed weights wrong on some processors; there it gets the unsigned ones. */
async function loadRight(
  job: Extract<Job, { kind: 'latency' }>,
  files: StudentFiles,
): Promise<{ contestant: Contestant; runner: Runner } | null> {
  const inputs = job.cases.map((one) => inputOf(one, vocabSizeOf(files)));
  const check = new AnswerCheck(job.student, files);
  const isRight = async (runner: Runner): Promise<boolean> => {
    for (const input of inputs) {
      if (check.fault(job.contestant, input, await runner.prepare(input)()) !== null) return false;
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
async function warmLoad(contestant: Contestant, files: StudentFiles, loads: number): Promise<number> {
  const input = inputOf(FIRST, vocabSizeOf(files));
  const times: number[] = [];
  for (let i = 0; i < loads; i++) {
    const started = performance.now();
    const runner = await contestant.load(files);
    await runner.prepare(input)();
    times.push(performance.now() - started);
    await runner.dispose();
  }
  return median(times);
}

function vocabSizeOf({ student }: StudentFiles): number {
  const { tokenizer } = parseStudent(student).spec as TextStudentSpec;
  return tokenizer.kind === 'hashed' ? tokenizer.buckets : tokenizer.vocabSize;
}

function describe({ student, seqLen, batch }: Case): string {
  return `${student}, ${batch} x ${seqLen} tokens`;
}
