/** Runs tasks with a fixed number of them under way. */

/** How a caller follows a run of tasks. */
export interface TaskHooks<Result> {
  readonly onResult?: ((result: Result, task: number) => void | Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * @param limit tasks under way at once, at least 1
 * @param work gets a signal that is aborted when another task fails, or the caller's is
 * @returns one result a task, in the order of the tasks
 * @throws what the first task to fail threw, or the reason of `signal`
 */
export async function runConcurrently<Task, Result>(
  tasks: readonly Task[],
  limit: number,
  work: (task: Task, signal: AbortSignal) => Promise<Result>,
  { onResult, signal }: TaskHooks<Result> = {},
): Promise<readonly Result[]> {
  const results = new Array<Result>(tasks.length);
  const failed = new AbortController();
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  let next = 0;
  const serve = async (): Promise<void> => {
    while (next < tasks.length) {
      stop.throwIfAborted();
      const task = next++;
      results[task] = await work(tasks[task], stop);
      await onResult?.(results[task], task);
    }
  };
  const servers = Array.from({ length: Math.min(limit, tasks.length) }, () =>
    serve().catch((error) => {
      failed.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(servers);
  await Promise.all(servers);
  return results;
}
