/**
 * Trains a network, epoch by epoch, until it no longer gets better on dev. Same task, same bytes, on any number of
 * threads, also where a run was stopped or killed and went on from its checkpoint.
 */
import type { RunHooks } from './progress.ts';
import type { NetworkTrainingTask, TrainedNetwork } from './training-run.ts';

/**
 * Trains on the current TensorFlow.js backend, which the caller has chosen (`chooseBackend(task.backend)`), and on
 * `task.threads - 1` threads beside this one.
 *
 * @throws TrainingError with code `loss_not_finite` or `worker_lost`, WriteError where the checkpoint cannot be written,
 * or the reason of `signal`
 */
export async function trainNetwork(_task: NetworkTrainingTask, _hooks: RunHooks = {}): Promise<TrainedNetwork> {
  throw new Error('being written');
}
