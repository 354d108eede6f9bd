/** The worker of the tests of `WorkerPool`: says what it was told to, in the way it was told to. */
import { InputError } from '../../src/format/index.ts';
import { serveTasks } from '../../src/train/worker-pool.ts';

/** What to do with a task. */
export type PoolTask =
  /** Answers `init` and `text` after so many milliseconds. */
  | { readonly kind: 'echo'; readonly text: string; readonly afterMs?: number }
  /** Tells each item, then answers how many there were. */
  | { readonly kind: 'news'; readonly items: readonly string[] }
  | { readonly kind: 'throw'; readonly typed: boolean }
  | { readonly kind: 'exit'; readonly code: number }
  /** Answers, and breaks the thread when nobody waits for it any more. */
  | { readonly kind: 'breakLater' };

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

serveTasks<string, PoolTask, string, string>(async (init) => {
  if (init === 'unable') throw new InputError('init: expected anything else, got unable');
  return async (task, tell) => {
    switch (task.kind) {
      case 'echo':
        await pause(task.afterMs ?? 0);
        return `${init} ${task.text}`;
      case 'news':
        for (const item of task.items) tell(item);
        return String(task.items.length);
      case 'throw':
        throw task.typed ? new InputError('task: expected less', { code: 'too_much' }) : new TypeError('no code');
      case 'exit':
        return process.exit(task.code);
      case 'breakLater':
        setTimeout(() => {
          throw new Error('broken between two tasks');
        }, 5);
        return 'soon';
    }
  };
});
