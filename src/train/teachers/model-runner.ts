/** Runs a teacher's model where its kind wants to run: in worker threads, or by requests from this one. */
import { runConcurrently } from '../concurrency.ts';
import type { RunHooks } from '../progress.ts';
import { type PoolHooks, WorkerPool } from '../worker-pool.ts';
import { kindOf } from './kinds.ts';
import type { Interruptible, ModelSpec, TeacherModel } from './teacher.ts';

type Texts = readonly string[];
type Outputs = readonly Float32Array[];

/** A model that answers. */
export interface ModelRunner {
  /** Tells the model of every text that {@link ModelRunner.run} will ask about. @throws what it cannot answer */
  prepare?(texts: AsyncIterable<string>, hooks: RunHooks): Promise<void>;
  /** Runs all batches; `onResult` gets them as they are done. @throws what the model threw, or the reason of `signal` */
  run(batches: readonly Texts[], hooks: PoolHooks<Outputs, never>): Promise<readonly Outputs[]>;
  /** Runs some texts now, whatever else is under way. */
  ask(texts: Texts, options?: Interruptible): Promise<Outputs>;
  close(): Promise<void>;
}

/**
 * Opens a model; it is loaded by its first answer.
 *
 * @param threads at least 1; of a model that runs in threads
 * @param workerEntry module of the threads; the bundled one where it is left out
 */
export function openModel(
  spec: ModelSpec,
  threads: number,
  workerEntry: URL = new URL('../train/labelling-worker.js', import.meta.url),
): ModelRunner {
  const kind = kindOf(spec.options);
  if (kind.runsIn === 'threads') return new WorkerPool<Texts, Outputs>(workerEntry, threads, spec);
  let loading: Promise<TeacherModel> | null = null;
  const load = (): Promise<TeacherModel> => {
    loading ??= kind.load(spec);
    return loading;
  };
  return {
    prepare: async (texts, hooks) => (await load()).prepare?.(texts, hooks),
    async run(batches, { onResult, signal }) {
      const model = await load();
      const answer = (batch: Texts, stop: AbortSignal): Promise<Outputs> => model.run(batch, { signal: stop });
      return runConcurrently(batches, kind.concurrency?.(spec.options) ?? 1, answer, { onResult, signal });
    },
    ask: async (texts, options) => (await load()).run(texts, options),
    close: async () => (await loading)?.dispose(),
  };
}
