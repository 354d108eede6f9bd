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

/** A task that was given to a thread and is not answered yet. */
interface Pending {
  readonly onNews: (value: unknown) => void;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One worker; its tasks run side by side. What ends it, whenever that is, is what every later task throws. */
class Thread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #asked = 0;
  #lost: Error | null = null;

  constructor(entry: URL, init: unknown) {
    // Describes the main module alone, and a worker refuses it. Otherwise flags are inherited: spelt out, a worker would
    // refuse those of V8, e.g. how much memory there is.
    const isOfMain = (flag: string): boolean => flag.startsWith('--input-type');
    const execArgv = process.execArgv.filter((flag) => !isOfMain(flag));
    this.#worker = new Worker(entry, {
      workerData: init,
      ...(process.execArgv.some(isOfMain) ? { execArgv } : {}),
    });
    this.#worker.on('message', (answer: Answer) => this.#receive(answer));
    this.#worker.on('error', (error: Error) => this.#lose(error));
    this.#worker.on('exit', (code) =>
      this.#lose(new RetortError('worker_lost', `worker thread: expected an answer, got exit code ${code}`)),
    );
  }

  get isLost(): boolean {
    return this.#lost !== null;
  }

  ask<Task, Result, News>(input: Task, place: number, hooks: PoolHooks<Result, News>): Promise<Result> {
    const { onNews, signal } = hooks;
    return new Promise((resolve, reject) => {
      if (this.#lost !== null) throw this.#lost;
      const id = this.#asked++;
      this.#worker.postMessage({ id, input });
      const settle = (act: () => void): void => {
        this.#pending.delete(id);
        signal?.removeEventListener('abort', onAbort);
        act();
      };
      const onAbort = (): void => settle(() => reject(signal?.reason as Error));
      this.#pending.set(id, {
        onNews: (news) => onNews?.(news as News, place),
        resolve: (result) => settle(() => resolve(result as Result)),
        reject: (error) => settle(() => reject(error)),
      });
      signal?.addEventListener('abort', onAbort);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive({ id, kind, value }: Answer): void {
    const task = this.#pending.get(id);
    if (kind === 'news') task?.onNews(value);
    else if (kind === 'result') task?.resolve(value);
    else task?.reject(revive(value as Failure));
  }

  #lose(reason: Error): void {
    this.#lost ??= reason;
    for (const task of [...this.#pending.values()]) task.reject(this.#lost);
  }
}

/** Threads that wait for tasks. */
export class WorkerPool<Task, Result, News = never> {
  readonly #threads: Thread[];
  readonly #start: () => Thread;
  #asked = 0;
  #isClosed = false;

  /**
   * @param entry module of the workers
   * @param size number of threads
   * @param init handed to every worker once
   */
  constructor(entry: URL, size: number, init: unknown) {
    this.#start = () => new Thread(entry, init);
    this.#threads = Array.from({ length: size }, this.#start);
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
    const serve = async (thread: Thread): Promise<void> => {
      while (next < tasks.length) {
        hooks.signal?.throwIfAborted();
        const task = next++;
        results[task] = await thread.ask(tasks[task], task, hooks);
        await hooks.onResult?.(results[task], task);
      }
    };
    try {
      await Promise.all(this.#threads.map(serve));
    } catch (error) {
      next = tasks.length;
      await this.close();
      throw error;
    }
    return results;
  }

  /**
   * Gives one task to the thread whose turn it is, or to a new one where that one was lost. An aborted task is no
   * longer waited for; the thread finishes it.
   *
   * @throws what the task threw, the reason of `signal`, or what ended the thread meanwhile
   */
  async ask(input: Task, hooks: Omit<PoolHooks<Result, News>, 'onResult'> = {}): Promise<Result> {
    hooks.signal?.throwIfAborted();
    const turn = this.#asked++ % this.#threads.length;
    if (this.#threads[turn].isLost && !this.#isClosed) this.#threads[turn] = this.#start();
    return this.#threads[turn].ask(input, 0, hooks);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
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
