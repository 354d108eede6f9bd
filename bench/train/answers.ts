/** What a contestant's thread does for each question. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { type BackendName, chooseBackend } from '../../src/train/backend.ts';
import { createRandom } from '../../src/train/random.ts';
import { universalSentenceEncoder } from '../../src/train/teachers/universal-sentence-encoder.ts';
import { type Measured, type ProductShape, type Question, timed } from './contestant.ts';
import { ownTraining } from './own.ts';
import { stockTraining } from './stock.ts';
import { WORKLOADS, type WorkloadName } from './workload.ts';

/** Names of backends that the product calls otherwise, or does not have. */
const PRODUCT_NAMES: Readonly<Record<string, BackendName>> = { 'tfjs-node': 'node' };

/** Makes a backend the current one, as the product does; `wasm-stock` is `wasm` without the engine. */
export async function setBackend(name: string): Promise<void> {
  tf.env().set('PROD', true);
  if (name !== 'wasm-stock') {
    await chooseBackend(PRODUCT_NAMES[name] ?? (name as BackendName));
    return;
  }
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  await tf.setBackend('wasm');
  await tf.ready();
}

type Step = () => number | Promise<number>;

/**
 * @param role a backend, and behind a dash the number of threads where it is not 1
 * @returns how the thread answers
 */
export function answering(role: string): (question: Question) => Promise<Measured> {
  const [, backend, threads] = /^(.*?)(?:-(\d+))?$/.exec(role) as unknown as [string, string, string | undefined];
  let started: Promise<void> | null = null;
  const trainings = new Map<WorkloadName, Promise<Step>>();
  let encoder: ReturnType<typeof loadEncoder> | null = null;
  const start = async (work: WorkloadName): Promise<Step> =>
    backend === 'wasm-stock'
      ? stockTraining(WORKLOADS[work])
      : ownTraining(work, Number(threads ?? 1) - 1, new URL(import.meta.url));
  return async (question) => {
    started ??= setBackend(backend);
    await started;
    switch (question.kind) {
      case 'train':
        if (!trainings.has(question.work)) trainings.set(question.work, start(question.work));
        return train(await trainings.get(question.work)!, question.steps);
      case 'multiply':
        return multiply(question.product, question.runs);
      case 'label': {
        encoder ??= loadEncoder();
        const model = await encoder;
        const { ms, value } = await timed(() => model.run(question.texts));
        return { ms: [ms], check: value.flatMap((features) => [...features]) };
      }
    }
  };
}

async function train(step: Step, steps: number): Promise<Measured> {
  const ms: number[] = [];
  const check: number[] = [];
  for (let i = 0; i < steps; i++) {
    const run = await timed(step);
    ms.push(run.ms);
    check.push(run.value);
  }
  return { ms, check };
}

/** @returns the time of one run, as the mean of several; warmed up */
async function multiply({ batch, m, k, n, transposeA, transposeB }: ProductShape, runs: number): Promise<Measured> {
  const random = createRandom(3);
  const matrix = (rows: number, columns: number, transposed: boolean): tf.Tensor3D =>
    tf.tensor3d(
      random.normals(batch * rows * columns, 1),
      transposed ? [batch, columns, rows] : [batch, rows, columns],
    );
  const [a, b] = [matrix(m, k, transposeA), matrix(k, n, transposeB)];
  const run = (): tf.Tensor => tf.matMul(a, b, transposeA, transposeB);
  const first = run();
  const check = first.dataSync().slice(0, 1000);
  first.dispose();
  const { ms } = await timed(() => {
    for (let i = 0; i < runs; i++) run().dispose();
  });
  tf.dispose([a, b]);
  return { ms: [ms / runs], check: [...check] };
}

function loadEncoder() {
  const options = { kind: 'universal-sentence-encoder', maxCharacters: 800, maxPieces: 128 } as const;
  return universalSentenceEncoder.load({ options } as never);
}
