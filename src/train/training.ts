/**
 * One training as it runs: batches through the network, the total loss, a step of the optimizer; after every epoch a look
 * at dev, which keeps the best weights. Everything that the next epoch depends on fits into a checkpoint.
 */
import * as tf from '@tensorflow/tfjs-core';
import { BatchStream } from './batch-stream.ts';
import type { BestWeights, Checkpoint } from './checkpoint.ts';
import { type DevScore, scoreOnDev } from './dev-score.ts';
import { EncodedRows } from './encoded-rows.ts';
import { EpochLosses } from './epoch-losses.ts';
import type { LossTerms, TotalLoss } from './losses/total-loss.ts';
import { ObjectiveSchedules } from './objective-schedules.ts';
import { linear } from './ops/linear.ts';
import { totalLoss } from './ops/total-loss.ts';
import { clipByGlobalNorm, createOptimizer, type Optimizer, warmupFactor } from './optimizers/index.ts';
import { decayMask, joinTensors, layOut, type ParameterLayout, splitArray, splitTensor } from './parameter-vector.ts';
import { createProjections, projectionName } from './projection.ts';
import { createRandom, type Random, restoreRandom } from './random.ts';
import { scheduleValue } from './schedules.ts';
import { exportedParameters, forwardStudent, initializeStudent } from './student-network.ts';
import type { EpochRecord, TrainedStudent, TrainingTask } from './training-run.ts';

/** Largest Euclidean norm of a gradient. */
const MAX_GRADIENT_NORM = 1;

/** A student in training, on the current TensorFlow.js backend. */
export class Training {
  readonly #task: TrainingTask;
  readonly #terms: LossTerms;
  readonly #layout: ParameterLayout;
  readonly #random: Random;
  readonly #stream: BatchStream;
  readonly #train: EncodedRows;
  readonly #dev: EncodedRows;
  readonly #schedules: ObjectiveSchedules;
  readonly #optimizer: Optimizer;
  readonly #stepsPerEpoch: number;
  readonly #history: EpochRecord[];
  #vector: tf.Tensor1D;
  #best: BestWeights | null;
  #steps: number;

  constructor(task: TrainingTask, checkpoint: Checkpoint | null) {
    const { spec, training, train, dev, tokenizerTensors } = task;
    const { objective, optimizer, seed } = training;
    const random = createRandom(seed);
    const features = objective.features.map(({ loss }) => loss);
    const initial = [...initializeStudent(spec, random), ...createProjections(spec, features.length, train, random)];
    this.#task = task;
    this.#terms = { multiLabel: spec.task.multiLabel, distillation: objective.distillation, features };
    this.#layout = layOut(initial);
    this.#train = new EncodedRows(train, spec, tokenizerTensors);
    this.#dev = new EncodedRows(dev, spec, tokenizerTensors);
    this.#random = checkpoint === null ? random : restoreRandom(checkpoint.random);
    this.#stream = new BatchStream(this.#train.count, this.#random, checkpoint?.stream);
    this.#schedules = new ObjectiveSchedules(objective, checkpoint?.schedules);
    this.#optimizer = createOptimizer(optimizer, decayMask(this.#layout), checkpoint?.optimizer);
    this.#stepsPerEpoch = training.stepsPerEpoch;
    this.#history = [...(checkpoint?.history ?? [])];
    this.#vector = checkpoint === null ? joinInitial(initial) : tf.tensor1d(checkpoint.vector);
    this.#best = checkpoint?.best ?? null;
    this.#steps = this.epoch * this.#stepsPerEpoch;
  }

  /** Epochs that are done. */
  get epoch(): number {
    return this.#history.length;
  }

  get epochsSinceBest(): number {
    return this.#best === null ? 0 : this.epoch - this.#best.epoch;
  }

  runEpoch(): void {
    const started = performance.now();
    const losses = new EpochLosses(this.#terms);
    for (let i = 0; i < this.#stepsPerEpoch; i++) this.#step(losses);
    const score = this.#score();
    const { modelWeight, alpha, temperature, betas } = this.#schedules.at(this.#progress(this.#steps - 1));
    const { measures, means } = losses.finish(temperature);
    const epoch = this.epoch + 1;
    this.#schedules.advance({ ...measures, devLoss: score.loss, devAgreement: score.agreement });
    this.#history.push({
      epoch,
      learningRate: this.#learningRate(this.#steps - 1),
      temperature,
      modelWeight,
      alpha,
      betas,
      ...means,
      devLoss: score.loss,
      devAccuracy: score.accuracy,
      devAgreement: score.agreement,
      seconds: (performance.now() - started) / 1000,
    });
    this.#keepBest(epoch, score);
  }

  checkpoint(): Checkpoint {
    return {
      epochs: this.epoch,
      vector: this.#vector.dataSync<'float32'>(),
      optimizer: this.#optimizer.state(),
      random: this.#random.state(),
      stream: this.#stream.state(),
      schedules: this.#schedules.states(),
      history: this.#history,
      best: this.#best!,
    };
  }

  result(): TrainedStudent {
    const { spec } = this.#task;
    const { epoch, vector } = this.#best!;
    return {
      spec,
      parameters: exportedParameters(spec, splitArray(this.#layout, vector)),
      history: this.#history,
      bestEpoch: epoch,
    };
  }

  dispose(): void {
    this.#vector.dispose();
    this.#optimizer.dispose();
  }

  #step(losses: EpochLosses): void {
    const { spec, training } = this.#task;
    const { tokens, targets } = this.#train.batch(this.#stream.next(training.batchSize));
    const weights = this.#schedules.at(this.#progress(this.#steps));
    const dropOut = (length: number): Float32Array => this.#random.dropoutMask(length, training.dropout);
    const forward = (...tensors: tf.Tensor[]): tf.Scalar => {
      const named = this.#name(tensors);
      const output = forwardStudent(spec, named, tokens, training.dropout > 0 ? dropOut : undefined);
      const projected = this.#terms.features.map((_, i) => {
        const weight = named.get(projectionName(i, 'weight')) as tf.Tensor2D;
        return linear(output.pooled, weight, named.get(projectionName(i, 'bias')) as tf.Tensor1D);
      });
      const keep = (loss: TotalLoss): void => losses.add(loss, targets);
      return totalLoss(output.logits, projected, this.#terms, weights, targets, keep);
    };
    const next = tf.tidy(() => {
      const { grads } = tf.valueAndGrads(forward)(splitTensor(this.#layout, this.#vector));
      const gradient = clipByGlobalNorm(joinTensors(grads), MAX_GRADIENT_NORM);
      return this.#optimizer.update(this.#vector, gradient, this.#learningRate(this.#steps));
    });
    this.#vector.dispose();
    this.#vector = next;
    this.#steps++;
  }

  #name(tensors: readonly tf.Tensor[]): ReadonlyMap<string, tf.Tensor> {
    return new Map(this.#layout.names.map((name, i) => [name, tensors[i]]));
  }

  #progress(step: number): number {
    return step / Math.max(1, this.#task.training.epochs * this.#stepsPerEpoch - 1);
  }

  #learningRate(step: number): number {
    const { optimizer, epochs } = this.#task.training;
    const warmup = warmupFactor(step, epochs * this.#stepsPerEpoch, optimizer.warmup);
    return warmup * scheduleValue(optimizer.learningRate, this.#progress(step), null);
  }

  #score(): DevScore {
    const parts = splitTensor(this.#layout, this.#vector);
    const score = scoreOnDev(this.#task.spec, this.#name(parts), this.#dev);
    tf.dispose(parts);
    return score;
  }

  #keepBest(epoch: number, { accuracy, loss }: DevScore): void {
    const best = this.#best;
    if (best !== null && (accuracy < best.accuracy || (accuracy === best.accuracy && loss >= best.loss))) return;
    this.#best = { epoch, accuracy, loss, vector: this.#vector.dataSync<'float32'>().slice() };
  }
}

function joinInitial(initial: readonly { readonly values: Float32Array }[]): tf.Tensor1D {
  return tf.tidy(() => tf.concat1d(initial.map(({ values }) => tf.tensor1d(values))));
}
