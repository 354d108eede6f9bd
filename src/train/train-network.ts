/**
 * Trains a network, epoch by epoch, until it no longer gets better on dev. Same task, same bytes, on any number of
 * threads, also where a run was stopped or killed and went on from its checkpoint.
 */
import { identifyTask, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { RunHooks } from './progress.ts';
import type { Training } from './training.ts';
import type { NetworkTrainingTask, TrainedNetwork } from './training-run.ts';
import { Turns } from './turns.ts';

/** Least seconds between two checkpoints; one follows the first epoch in any case: all epochs may take milliseconds. */
const CHECKPOINT_SECONDS = 2;

/** How many times as long as it takes to write a checkpoint training goes on before the next: a large one costs seconds. */
const CHECKPOINT_SPACING = 20;

/** Least seconds between two pieces of news within an epoch. */
const NEWS_SECONDS = 1;

/** What a caller of a test or of another package changes. */
export interface TrainNetworkOptions {
  /** Module of the helping threads; the bundled one where it is left out. */
  readonly workerEntry?: URL;
}

/**
 * Trains on the current TensorFlow.js backend, which the caller has chosen (`chooseBackend(task.backend)`), and on
 * `task.threads - 1` threads beside this one.
 *
 * @throws TrainingError with code `loss_not_finite` or `worker_lost`, WriteError where the checkpoint cannot be written,
 * or the reason of `signal`
 */
export async function trainNetwork(
  task: NetworkTrainingTask,
  { onProgress, signal }: RunHooks = {},
  { workerEntry }: TrainNetworkOptions = {},
): Promise<TrainedNetwork> {
  const file = task.checkpointFile === null ? null : new CheckpointFile(task.checkpointFile, identifyTask(task));
  // TensorFlow.js is loaded here and not with the room, which is of use without it.
  const { Training } = await import('./training.ts');
  const entry = workerEntry ?? new URL('../train/shard-worker.js', import.meta.url);
  const training = await Training.open(task, (await file?.read()) ?? null, entry);
  const news = new News(training, task.name, onProgress);
  const turns = new Turns();
  try {
    while (!training.isFinished) {
      await turns.yield();
      if (signal?.aborted) {
        await file?.write(training);
        throw signal.reason;
      }
      const isEpochEnd = await training.step();
      news.tell(isEpochEnd);
      await file?.writeNowAndThen(training, isEpochEnd);
    }
    // A finished training leaves its state: a run of several that is stopped later does not repeat it.
    await file?.write(training);
    return training.result();
  } finally {
    await training.close();
  }
}

/** The checkpoint of a run on disk. */
class CheckpointFile {
  readonly #path: string;
  readonly #task: string;
  #nextWrite = performance.now() + 1000 * CHECKPOINT_SECONDS;
  #isFirst = true;

  constructor(path: string, task: string) {
    this.#path = path;
    this.#task = task;
  }

  read(): ReturnType<typeof readCheckpoint> {
    return readCheckpoint(this.#path, this.#task);
  }

  async write(training: Training): Promise<void> {
    this.#isFirst = false;
    const started = performance.now();
    await writeCheckpoint(this.#path, this.#task, training.checkpoint());
    const written = performance.now();
    this.#nextWrite = written + Math.max(1000 * CHECKPOINT_SECONDS, CHECKPOINT_SPACING * (written - started));
  }

  /** Writes where it is time. */
  async writeNowAndThen(training: Training, isEpochEnd: boolean): Promise<void> {
    if ((this.#isFirst && isEpochEnd) || performance.now() >= this.#nextWrite) await this.write(training);
  }
}

/** Tells how far a training is. */
class News {
  readonly #training: Training;
  readonly #name: string;
  readonly #tell: RunHooks['onProgress'];
  readonly #started = performance.now();
  readonly #startStep: number;
  #last = performance.now();

  constructor(training: Training, name: string, tell: RunHooks['onProgress']) {
    this.#training = training;
    this.#name = name;
    this.#tell = tell;
    this.#startStep = training.steps;
  }

  tell(isEpochEnd: boolean): void {
    const now = performance.now();
    if (!isEpochEnd && now - this.#last < 1000 * NEWS_SECONDS) return;
    this.#last = now;
    const { steps, totalSteps } = this.#training;
    const etaSeconds = ((now - this.#started) / 1000 / (steps - this.#startStep)) * (totalSteps - steps);
    this.#tell?.({ stage: 'training', done: steps, total: totalSteps, etaSeconds, detail: this.#name });
  }
}
