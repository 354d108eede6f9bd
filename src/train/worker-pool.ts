/**
 * A pool of worker threads that run tasks: plain data in, plain data out, results in the order of the tasks. A worker
 * is a module that calls {@link serveTasks}.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { RetortError } from '../format/index.ts';

interface Answer {
  readonly id: number;
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
  #asked = 0;

  /**
   * @param entry module of the workers
   * @param size number of threads
   * @param init handed to every worker once
   */
  constructor(entry: URL, size: number, init: unknown) {
    // Describes the main module alone, and a worker refuses it.
    const execArgv = process.execArgv.filter((flag) => !flag.startsWith('--input-type'));
    this.#workers = Array.from({ length: size }, () => new Worker(entry, { workerData: init, execArgv }));
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
        hooks.signal?.throwIfAborted();
        const task = next++;
        results[task] = await this.#ask(worker, tasks[task], task, hooks);
        await hooks.onResult?.(results[task], task);
      }
    };
    try {
      await Promise.all(this.#workers.map(serve));
    } catch (error) {
      next = tasks.length;
      await this.close();
      throw error;
    }
    return results;
  }

  /**
   * Gives one task to the thread whose turn it is. An aborted task is no longer waited for; the thread finishes it.
   *
   * @throws what the task threw, or the reason of `signal`
   */
  async ask(input: Task, hooks: Omit<PoolHooks<Result, News>, 'onResult'> = {}): Promise<Result> {
    hooks.signal?.throwIfAborted();
    return this.#ask(this.#workers[this.#asked % this.#workers.length], input, 0, hooks);
  }

  #ask(worker: Worker, input: Task, place: number, hooks: PoolHooks<Result, News>): Promise<Result> {
    return ask<Task, Result, News>(worker, this.#asked++, input, place, hooks);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function ask<Task, Result, News>(
  worker: Worker,
  id: number,
  input: Task,
  place: number,
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
      if (answer.id !== id) return;
      if (answer.kind === 'news') onNews?.(answer.value as News, place);
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
    worker.postMessage({ id, input });
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
  parentPort?.on('message', async ({ id, input }: { id: number; input: Task }) => {
    const answer = (kind: Answer['kind'], value: unknown): void => parentPort?.postMessage({ id, kind, value });
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
