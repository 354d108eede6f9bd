/**
 * One training as it runs: batches to the trainer, after every epoch a look at dev, which keeps the best weights.
 * Everything that the next step depends on fits into a checkpoint.
 */
import { BatchStream } from './batch-stream.ts';
import type { BestWeights, Checkpoint } from './checkpoint.ts';
import { type DevScore, devScore } from './dev-score.ts';
import { EpochLosses } from './epoch-losses.ts';
import type { LossWeights } from './losses/total-loss.ts';
import { NetworkModel } from './network-model.ts';
import { buildNetwork } from './networks.ts';
import { ObjectiveSchedules } from './objective-schedules.ts';
import { warmupFactor } from './optimizers/index.ts';
import { createRandom, type Random, restoreRandom } from './random.ts';
import { scheduleValue } from './schedules.ts';
import type { Threads } from './trainer/threads.ts';
import { Trainer } from './trainer/trainer.ts';
import type { EpochRecord, NetworkTrainingTask, TrainedNetwork } from './training-run.ts';

/** A network in training, on the current TensorFlow.js backend and on threads beside this one. */
export class Training {
  readonly #task: NetworkTrainingTask;
  readonly #model: NetworkModel;
  readonly #trainer: Trainer<LossWeights>;
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
    model: NetworkModel,
    trainer: Trainer<LossWeights>,
    random: Random,
    checkpoint: Checkpoint | null,
  ) {
    this.#task = task;
    this.#model = model;
    this.#trainer = trainer;
    this.#random = random;
    this.#stream = new BatchStream(model.rows, random, checkpoint?.stream);
    this.#schedules = new ObjectiveSchedules(task.training.objective, checkpoint?.schedules);
    this.#history = [...(checkpoint?.history ?? [])];
    this.#losses = new EpochLosses(model.terms, checkpoint?.losses);
    this.#best = checkpoint?.best ?? null;
    this.#started = performance.now() - 1000 * (checkpoint?.seconds ?? 0);
  }

  /** Builds the network and starts the threads, on `checkpoint` where there is one. */
  static async open(task: NetworkTrainingTask, checkpoint: Checkpoint | null, entry: URL): Promise<Training> {
    const { network, training, threads } = task;
    const { optimizer, seed } = training;
    const model = new NetworkModel(await buildNetwork(network), task);
    const random = createRandom(seed);
    const helpers: Threads | null = threads > 1 ? { entry, task, count: threads - 1 } : null;
    const state = checkpoint?.trainer ?? null;
    const trainer = await Trainer.open(model, { optimizer, seed, random, threads: helpers, state });
    return new Training(task, model, trainer, checkpoint === null ? random : restoreRandom(checkpoint.random), checkpoint);
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
    const losses = await this.#trainer.step(batch, weights, this.#learningRate(this.steps));
    this.#losses.add(losses, this.#model.train.targets(batch), weights.temperature);
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
    const values = this.#trainer.values;
    const names = this.#model.networkParameters;
    const best = new Map(names.map((name) => [name, parameters.get(name) ?? values.get(name)!.slice()]));
    return { parameters: best, history: this.#history, bestEpoch: epoch };
  }

  async close(): Promise<void> {
    await this.#trainer.close();
  }

  async #endEpoch({ modelWeight, alpha, temperature, betas }: LossWeights): Promise<void> {
    const { means, measures } = this.#losses.finish();
    const { dev } = this.#model;
    const score = devScore(await this.#trainer.score(), dev.count, dev.hasTeacher);
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
    this.#losses = new EpochLosses(this.#model.terms);
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

  #keepBest(epoch: number, { accuracy, loss }: DevScore): void {
    const best = this.#best;
    if (best !== null && (accuracy < best.accuracy || (accuracy === best.accuracy && loss >= best.loss))) return;
    const { tensors, tables } = this.#model;
    const values = this.#trainer.values;
    const trained = [...tensors, ...tables].filter(({ trains }) => trains);
    const parameters = new Map(trained.map(({ name }) => [name, values.get(name)!.slice()]));
    this.#best = { epoch, accuracy, loss, parameters };
  }
}
