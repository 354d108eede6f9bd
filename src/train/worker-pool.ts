/**
 * A pool of worker threads that run tasks: plain data in, plain data out, results in the order of the tasks. A worker
 * is a module that calls {@link serveTasks}.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { RetortError } from '../format/index.ts';

interface Answer {
  readonly task: number;
  readonly kind: 'result' | 'news' | 'error';
  readonly value: unknown;
}

interface Failure {
  readonly name: string;
  readonly message: string;
  readonly code: string | null;
}

/** How a caller follows a run of tasks. */
export interface PoolHooks<Result, News> {
  readonly onResult?: (result: Result, task: number) => void | Promise<void>;
  readonly onNews?: (news: News, task: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Threads that wait for tasks. */
export class WorkerPool<Task, Result, News = never> {
  readonly #workers: readonly Worker[];

  /**
   * @param entry module of the workers
   * @param size number of threads
   * @param init handed to every worker once
   */
  constructor(entry: URL, size: number, init: unknown) {
    this.#workers = Array.from({ length: size }, () => new Worker(entry, { workerData: init }));
  }

  /**
   * Runs all tasks.
   *
   * @returns one result a task, in the order of the tasks
   * @throws what a task threw, or the reason of `signal`; the pool is then closed
   */
  async run(tasks: readonly Task[], hooks: PoolHooks<Result, News> = {}): Promise<readonly Result[]> {
    const results = new Array<Result>(tasks.length);
    let next = 0;
    const serve = async (worker: Worker): Promise<void> => {
      while (next < tasks.length) {
        const task = next++;
        results[task] = await ask<Task, Result, News>(worker, task, tasks[task], hooks);
        await hooks.onResult?.(results[task], task);
      }
    };
    try {
      hooks.signal?.throwIfAborted();
      await Promise.all(this.#workers.map(serve));
    } catch (error) {
      next = tasks.length;
      await this.close();
      throw error;
    }
    return results;
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function ask<Task, Result, News>(
  worker: Worker,
  task: number,
  input: Task,
  { onNews, signal }: PoolHooks<Result, News>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      signal?.removeEventListener('abort', onAbort);
      act();
    };
    const onMessage = (answer: Answer): void => {
      if (answer.kind === 'news') onNews?.(answer.value as News, task);
      else if (answer.kind === 'result') settle(() => resolve(answer.value as Result));
      else settle(() => reject(revive(answer.value as Failure)));
    };
    const onError = (error: Error): void => settle(() => reject(error));
    const onExit = (code: number): void =>
      settle(() => reject(new RetortError('worker_lost', `worker thread: expected an answer, got exit code ${code}`)));
    const onAbort = (): void => settle(() => reject(signal?.reason as Error));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
    signal?.addEventListener('abort', onAbort);
    worker.postMessage({ task, input });
  });
}

function revive({ name, message, code }: Failure): Error {
  const error = code === null ? new Error(message) : new RetortError(code, message);
  error.name = name;
  return error;
}

/**
 * Makes this module a worker of a {@link WorkerPool}.
 *
 * @param start called once with the pool's `init`; returns the function that runs a task
 */
export function serveTasks<Init, Task, Result, News = never>(
  start: (init: Init) => Promise<(task: Task, tell: (news: News) => void) => Promise<Result>>,
): void {
  const ready = start(workerData as Init);
  // The first task reports a failed start; without a task nobody waits for it.
  ready.catch(() => undefined);
  parentPort?.on('message', async ({ task, input }: { task: number; input: Task }) => {
    const answer = (kind: Answer['kind'], value: unknown): void => parentPort?.postMessage({ task, kind, value });
    try {
      const run = await ready;
      answer('result', await run(input, (news) => answer('news', news)));
    } catch (error) {
      const { name, message } = error as Error;
      const code = error instanceof RetortError ? error.code : null;
      answer('error', { name, message, code } satisfies Failure);
    }
  });
}
