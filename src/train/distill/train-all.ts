/** Trains the students of a run in worker threads, the expensive ones first, with one ETA for all of them. */

import type { Family } from '../../format/index.ts';
import { rowsPerShardOf } from '../network.ts';
import type { Progress, RunHooks } from '../progress.ts';
import { countShards } from '../trainer/shards.ts';
import type { TrainedStudent, TrainingTask } from '../training-run.ts';
import { WorkerPool } from '../worker-pool.ts';

/** @returns one trained student a task, in the order of the tasks */
export async function trainAll(
  tasks: readonly TrainingTask[],
  threads: number,
  { onProgress, signal }: RunHooks,
): Promise<readonly TrainedStudent[]> {
  const order = tasks.map((_, i) => i).sort((a, b) => expense(tasks[b]) - expense(tasks[a]) || a - b);
  const total = tasks.reduce((sum, task) => sum + expense(task), 0);
  const shares = new Float64Array(tasks.length);
  const started = performance.now();
  const tell = (place: number, share: number): void => {
    shares[place] = share;
    const done = order.reduce((sum, task, at) => sum + expense(tasks[task]) * shares[at], 0);
    const seconds = (performance.now() - started) / 1000;
    onProgress?.({
      stage: 'training',
      done: Math.floor((100 * done) / total),
      total: 100,
      etaSeconds: done === 0 ? null : (seconds / done) * (total - done),
      detail:
        tasks.length === 1
          ? tasks[0].spec.name
          : `${shares.filter((value) => value === 1).length} of ${tasks.length} students`,
    });
  };
  // Students train side by side; what threads are left share the steps of each.
  const share = Math.max(1, Math.floor(threads / tasks.length));
  const shards = ({ spec, training }: TrainingTask): number =>
    countShards(training.batchSize, rowsPerShardOf(spec.family));
  const entry = new URL('../train/training-worker.js', import.meta.url);
  const pool = new WorkerPool<TrainingTask, TrainedStudent, Progress>(entry, Math.min(threads, tasks.length), null);
  const trained = await pool.run(
    order.map((i) => ({ ...tasks[i], threads: Math.min(share, shards(tasks[i])) })),
    {
      signal,
      onNews: ({ done, total: steps }, place) => tell(place, Math.min(0.999, done / steps)),
      onResult: (_, place) => tell(place, 1),
    },
  );
  await pool.close();
  const results = new Array<TrainedStudent>(tasks.length);
  for (const [place, task] of order.entries()) results[task] = trained[place];
  return results;
}

/** What a step costs with the default sizes, as a multiple of `static`. */
const EXPENSE_OF: Readonly<Record<Family, number>> = { static: 1, conv: 3, transformer: 30, image: 10 };

/** Relative cost of a task, known beforehand: steps times what a step of its family costs. */
function expense({ spec, training }: TrainingTask): number {
  return training.epochs * training.stepsPerEpoch * EXPENSE_OF[spec.family];
}
