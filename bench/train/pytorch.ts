/** PyTorch, in a process that trains the same workload. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Measured, Question } from './contestant.ts';
import { drawBatch, drawParameters, LEARNING_RATE, WORKLOADS, type WorkloadName } from './workload.ts';

/** A PyTorch that answers `train` questions. */
export interface PyTorch {
  readonly backend: 'pytorch';
  readonly workers: number;
  ask(question: Question): Promise<Measured>;
  end(): Promise<void>;
}

/**
 * Starts one process for each number of threads; none, with a plain statement, where RETORT_PYTORCH names no Python
 * that has PyTorch.
 */
export async function startPyTorch(work: WorkloadName, threads: readonly number[]): Promise<readonly PyTorch[]> {
  const python = process.env.RETORT_PYTORCH;
  if (python === undefined) {
    console.log('pytorch: skipped; RETORT_PYTORCH names no Python that has it');
    return [];
  }
  const started: PyTorch[] = [];
  for (const count of threads) {
    const one = await start(python, work, count);
    if (one !== null) started.push(one);
  }
  return started;
}

async function start(python: string, work: WorkloadName, threads: number): Promise<PyTorch | null> {
  const folder = await writeWorkload(work);
  const child = spawn(python, ['bench/train-pytorch.py', folder, String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const failed = once(child, 'error').then(() => null);
  const version = await Promise.race([lines.next().then(({ value }) => value as string | undefined), failed]);
  if (version === undefined || version === null) {
    console.log(`pytorch: skipped; ${python} cannot import it`);
    await rm(folder, { recursive: true });
    return null;
  }
  return {
    backend: 'pytorch',
    workers: threads,
    async ask(question) {
      if (question.kind !== 'train') throw new Error(`pytorch: expected train, got ${question.kind}`);
      child.stdin.write(`${question.steps}\n`);
      return JSON.parse((await lines.next()).value as string) as Measured;
    },
    async end() {
      child.stdin.end();
      await once(child, 'exit');
      await rm(folder, { recursive: true });
    },
  };
}

async function writeWorkload(name: WorkloadName): Promise<string> {
  const workload = WORKLOADS[name];
  const { spec, batch, length } = workload;
  const folder = await mkdtemp(join(tmpdir(), 'retort-bench-'));
  const parameters = drawParameters(workload);
  const { ids, labels } = drawBatch(workload);
  const work = {
    ...spec,
    kind: workload.kind,
    batch,
    length,
    learningRate: LEARNING_RATE,
    parameters: parameters.map(({ name, shape }) => ({ name, shape })),
  };
  await writeFile(join(folder, 'workload.json'), JSON.stringify(work));
  await writeFile(join(folder, 'parameters.bin'), Buffer.concat(parameters.map(({ values }) => bytesOf(values))));
  await writeFile(join(folder, 'batch.bin'), Buffer.concat([bytesOf(ids), bytesOf(labels)]));
  return folder;
}

function bytesOf(values: Float32Array | Int32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
