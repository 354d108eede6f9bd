/** A contestant trains in a thread of its own, so that nothing it installs or allocates is there for another. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { WorkloadName } from './workload.ts';

/** What the main thread asks for. */
export type Question =
  | { readonly kind: 'train'; readonly work: WorkloadName; readonly steps: number }
  | { readonly kind: 'multiply'; readonly product: ProductShape; readonly runs: number }
  | { readonly kind: 'label'; readonly texts: readonly string[] };

/** One product, batched. */
export interface ProductShape {
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Milliseconds of each step or run, and numbers that every contestant must agree on. */
export interface Measured {
  readonly ms: readonly number[];
  readonly check: readonly number[];
}

/** A thread that answers one question at a time. */
export class Contestant {
  readonly name: string;
  readonly #worker: Worker;

  constructor(name: string) {
    this.name = name;
    this.#worker = new Worker(new URL(import.meta.url), { workerData: { contestant: name } });
  }

  ask(question: Question): Promise<Measured> {
    return new Promise((resolve, reject) => {
      this.#worker.once('error', reject);
      this.#worker.once('message', (answer: Measured) => {
        this.#worker.off('error', reject);
        resolve(answer);
      });
      this.#worker.postMessage(question);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

interface Data {
  readonly contestant?: string;
  readonly task?: { readonly contestant?: string; readonly work?: WorkloadName };
}

/** In a contestant's thread its name, in a helping thread of a trainer `helper`, else null. */
export function contestantName(): string | null {
  const data = workerData as Data | null;
  return isMainThread ? null : (data?.contestant ?? data?.task?.contestant ?? null);
}

/** In a helping thread of a trainer, what it trains. */
export function helpedWork(): WorkloadName {
  return (workerData as Data).task!.work!;
}

/** Answers the questions of the main thread, one after the other. */
export function serve(answer: (question: Question) => Promise<Measured>): void {
  parentPort?.on('message', async (question: Question) => parentPort?.postMessage(await answer(question)));
}

/** Times one run. */
export async function timed<T>(run: () => T | Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const started = performance.now();
  const value = await run();
  return { ms: performance.now() - started, value };
}
