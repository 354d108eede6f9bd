/**
 * One training as it runs: batches to the trainer, after every epoch a look at dev, which keeps the best weights.
 * Everything that the next step depends on fits into a checkpoint.
 */
import { BatchStream } from './batch-stream.ts';
import type { BestWeights, Checkpoint } from './checkpoint.ts';
import { type DevScore, devScore } from './dev-score.ts';
import { EpochLosses } from './epoch-losses.ts';
import type { LossTerms, LossWeights } from './losses/total-loss.ts';
import type { Network } from './network.ts';
import { type NetworkInput, NetworkModel, type NetworkModelTask } from './network-model.ts';
import { NetworkRows } from './network-rows.ts';
import { buildNetwork } from './networks.ts';
import { ObjectiveSchedules } from './objective-schedules.ts';
import { warmupFactor } from './optimizers/index.ts';
import { createRandom, type Random, restoreRandom } from './random.ts';
import { scheduleValue } from './schedules.ts';
import type { TrainedTable, TrainedTensor } from './trainer/trainable-model.ts';
import { Trainer } from './trainer/trainer.ts';
import type { EpochRecord, NetworkTrainingTask, TrainedNetwork } from './training-run.ts';

/** A network in training, on the current TensorFlow.js backend and on threads beside this one. */
export class Training {
  readonly #task: NetworkTrainingTask;
  readonly #network: Network;
  readonly #rows: NetworkRows;
  readonly #trainer: Trainer<NetworkInput>;
  readonly #random: Random;
  readonly #stream: BatchStream;
  readonly #schedules: ObjectiveSchedules;
  readonly #history: EpochRecord[];
  #losses: EpochLosses;
  #best: BestWeights | null;
  /** When the epoch began; earlier than it did where it goes on from a checkpoint, by what it had taken. */
  #started: number;

  private constructor(
    task: NetworkTrainingTask,
    network: Network,
    rows: NetworkRows,
    trainer: Trainer<NetworkInput>,
    random: Random,
    checkpoint: Checkpoint | null,
  ) {
    this.#task = task;
    this.#network = network;
    this.#rows = rows;
    this.#trainer = trainer;
    this.#random = random;
    this.#stream = new BatchStream(this.#rows.count, random, checkpoint?.stream);
    this.#schedules = new ObjectiveSchedules(task.training.objective, checkpoint?.schedules);
    this.#history = [...(checkpoint?.history ?? [])];
    this.#losses = new EpochLosses(termsOf(task), checkpoint?.losses);
    this.#best = checkpoint?.best ?? null;
    this.#started = performance.now() - 1000 * (checkpoint?.seconds ?? 0);
  }

  /** Builds the network and starts the threads, on `checkpoint` where there is one. */
  static async open(task: NetworkTrainingTask, checkpoint: Checkpoint | null, entry: URL): Promise<Training> {
    const { optimizer, seed, dropout } = task.training;
    const network = await buildNetwork(task.network);
    const featureSize = task.train.teacherFeatures?.[0].length ?? null;
    const modelTask: NetworkModelTask = {
      network: task.network,
      backend: task.backend,
      terms: termsOf(task),
      featureSize,
      dropout,
    };
    const random = createRandom(seed);
    // Threads start when everything else is there.
    const rows = new NetworkRows(task.train, task.dev, network);
    const trainer = await Trainer.open(new NetworkModel(network, modelTask), {
      optimizer,
      seed,
      random,
      threads: task.threads > 1 ? { entry, task: modelTask, count: task.threads - 1 } : null,
      state: checkpoint?.trainer ?? null,
    });
    const drawn = checkpoint === null ? random : restoreRandom(checkpoint.random);
    return new Training(task, network, rows, trainer, drawn, checkpoint);
  }

  get steps(): number {
    return this.#trainer.steps;
  }

  get totalSteps(): number {
    const { epochs, stepsPerEpoch } = this.#task.training;
    return epochs * stepsPerEpoch;
  }

  /** Epochs that are done. */
  get epoch(): number {
    return this.#history.length;
  }

  get isFinished(): boolean {
    const { epochs, patience } = this.#task.training;
    const sinceBest = this.#best === null ? 0 : this.epoch - this.#best.epoch;
    return this.epoch === epochs || (patience !== null && sinceBest >= patience);
  }

  /**
   * Takes one step, and a look at dev where it is the last of its epoch.
   *
   * @returns whether an epoch ended
   * @throws TrainingError
   */
  async step(): Promise<boolean> {
    const { batchSize, stepsPerEpoch } = this.#task.training;
    const batch = this.#stream.next(batchSize);
    const weights = this.#schedules.at(this.#progress(this.steps));
    const losses = await this.#trainer.step(this.#rows.shards(batch, weights), this.#learningRate(this.steps));
    this.#losses.add(losses, this.#rows.targets(batch), weights.temperature);
    if (this.steps % stepsPerEpoch !== 0) return false;
    await this.#endEpoch(weights);
    return true;
  }

  checkpoint(): Checkpoint {
    return {
      epochs: this.epoch,
      trainer: this.#trainer.state(),
      random: this.#random.state(),
      stream: this.#stream.state(),
      schedules: this.#schedules.states(),
      history: this.#history,
      losses: this.#losses.sums(),
      seconds: this.#seconds(),
      best: this.#best,
    };
  }

  /** At least one epoch is done. */
  result(): TrainedNetwork {
    const { epoch, parameters } = this.#best!;
    const others = this.#parameters().flatMap(({ name }) => (parameters.has(name) ? [] : [name]));
    const whole = new Map([...this.#trainer.values(others), ...parameters]);
    return { parameters: whole, history: this.#history, bestEpoch: epoch };
  }

  async close(): Promise<void> {
    this.#rows.close();
    await this.#trainer.close();
  }

  async #endEpoch({ modelWeight, alpha, temperature, betas }: LossWeights): Promise<void> {
    const { means, measures } = this.#losses.finish();
    const { devCount, devHasTeacher } = this.#rows;
    const score = devScore(await this.#trainer.score(this.#rows.dev()), devCount, devHasTeacher);
    const epoch = this.epoch + 1;
    this.#schedules.advance({ ...measures, devLoss: score.loss, devAgreement: score.agreement });
    this.#history.push({
      epoch,
      learningRate: this.#learningRate(this.steps - 1),
      temperature,
      modelWeight,
      alpha,
      betas,
      ...means,
      devLoss: score.loss,
      devAccuracy: score.accuracy,
      devAgreement: score.agreement,
      seconds: this.#seconds(),
    });
    this.#keepBest(epoch, score);
    this.#losses = new EpochLosses(termsOf(this.#task));
    this.#started = performance.now();
  }

  #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  #progress(step: number): number {
    return step / Math.max(1, this.totalSteps - 1);
  }

  #learningRate(step: number): number {
    const { optimizer } = this.#task.training;
    const warmup = warmupFactor(step, this.totalSteps, optimizer.warmup);
    return warmup * scheduleValue(optimizer.learningRate, this.#progress(step), null);
  }

  /** What the network consists of, without the projections, which training alone needs. */
  #parameters(): readonly (TrainedTensor | TrainedTable)[] {
    return [...this.#network.tensors, ...this.#network.tables];
  }

  #keepBest(epoch: number, { accuracy, loss }: DevScore): void {
    const best = this.#best;
    if (best !== null && (accuracy < best.accuracy || (accuracy === best.accuracy && loss >= best.loss))) return;
    const trained = this.#parameters().flatMap(({ name, trains }) => (trains ? [name] : []));
    this.#best = { epoch, accuracy, loss, parameters: this.#trainer.values(trained) };
  }
}

function termsOf({ training, train }: NetworkTrainingTask): LossTerms {
  const { distillation, features } = training.objective;
  return { task: train.task, multiLabel: train.multiLabel, distillation, features: features.map(({ loss }) => loss) };
}
