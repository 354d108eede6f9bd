/**
 * Trains one student, epoch by epoch, until it no longer gets better on dev. Same task, same bytes, also where a run was
 * stopped and went on from its checkpoint.
 */
import { identifyTask, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { RunHooks } from './progress.ts';
import type { TrainedStudent, TrainingTask } from './training-run.ts';

/** Least seconds between two checkpoints, the first of which follows the first epoch: epochs may take milliseconds. */
const CHECKPOINT_SECONDS = 2;

/**
 * Trains on the current TensorFlow.js backend, which the caller has chosen.
 *
 * @throws WriteError where the checkpoint cannot be written, or the reason of `signal`
 */
export async function trainStudent(task: TrainingTask, { onProgress, signal }: RunHooks = {}): Promise<TrainedStudent> {
  const { epochs, patience } = task.training;
  const id = identifyTask(task);
  const file = task.checkpointFile;
  // TensorFlow.js is loaded here and not with the room, which is of use without it.
  const { Training } = await import('./training.ts');
  const training = new Training(task, file === null ? null : await readCheckpoint(file, id));
  const started = performance.now();
  const startEpoch = training.epoch;
  let lastWrite = Number.NEGATIVE_INFINITY;
  try {
    while (training.epoch < epochs && (patience === null || training.epochsSinceBest < patience)) {
      if (signal?.aborted) {
        if (file !== null && training.epoch > 0) await writeCheckpoint(file, id, training.checkpoint());
        throw signal.reason;
      }
      training.runEpoch();
      const now = performance.now();
      const etaSeconds = ((now - started) / 1000 / (training.epoch - startEpoch)) * (epochs - training.epoch);
      onProgress?.({ stage: 'training', done: training.epoch, total: epochs, etaSeconds, detail: task.spec.name });
      if (file !== null && (now - lastWrite) / 1000 >= CHECKPOINT_SECONDS) {
        await writeCheckpoint(file, id, training.checkpoint());
        lastWrite = now;
      }
    }
    // A finished training leaves its state: a run of several that is stopped later does not repeat it.
    if (file !== null) await writeCheckpoint(file, id, training.checkpoint());
    return training.result();
  } finally {
    training.dispose();
  }
}
