/**
 * What the trainer asks of a model, whatever it is and whatever its loss: which numbers are trained, and the gradient of
 * a part of a batch. Every thread of a training builds its own model from the same plain data; the numbers lie outside
 * the model and outside TensorFlow.js, in memory that the threads share.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../random.ts';

/** A tensor that every step reads and moves as a whole. */
export interface TrainedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether weight decay shrinks it: matrices yes, biases and norms no. */
  readonly decays: boolean;
  /** False for a frozen tensor: it gets no gradient and stays as it was initialized. */
  readonly trains: boolean;
}

/**
 * A table of which a step reads and moves some rows: embeddings, one number a token. No gradient of its size ever
 * exists; the moments of rows that a step does not use stay as they are.
 */
export interface TrainedTable {
  readonly name: string;
  /** `[rows, columns]`, or `[rows]` for one number a row. */
  readonly shape: readonly [number] | readonly [number, number];
  /** Whether weight decay shrinks the rows that a step uses. */
  readonly decays: boolean;
  readonly trains: boolean;
}

/** A part of a batch whose gradient is computed in one piece, on whichever thread. */
export interface Shard<Settings> {
  /** Row numbers of the shard. */
  readonly rows: readonly number[];
  /** Row numbers of the whole batch: a loss that is a mean over (labelled) rows divides by the batch's count. */
  readonly batch: readonly number[];
  /** What changes from step to step, e.g. the weights of the loss; structured-clonable. */
  readonly settings: Settings;
  /** Draws dropout: a stream of its own for each step and shard. */
  readonly random: Random;
}

/** Ids of the rows of a table, by its name: ascending, each once. */
export type Lookups = ReadonlyMap<string, Int32Array>;

/** What one pass of a model reads: tensors by name; of a table only the looked-up rows, in their order. */
export type Tensors = ReadonlyMap<string, tf.Tensor>;

/** What a shard adds to its batch. */
export interface ShardResult {
  /** Parts of the losses of the batch, the total first; the sum over the shards is the loss of the batch. */
  readonly losses: readonly number[];
  /** One tensor for each trained tensor, of its shape, and each trained table, of the shape of its looked-up rows. */
  readonly gradients: Tensors;
}

/** A pass that knows which rows it needs and waits for their numbers. */
export interface Pass<Result> {
  readonly lookups: Lookups;
  /** Runs on the thread's backend; the caller disposes `tensors` and what is returned, nothing else is left behind. */
  run(tensors: Tensors): Promise<Result>;
}

/** A model as the trainer sees it. */
export interface TrainableModel<Settings> {
  readonly tensors: readonly TrainedTensor[];
  readonly tables: readonly TrainedTable[];
  /** Number of training rows. */
  readonly rows: number;
  /** Relative work of a training row, e.g. its tokens: rows of similar work share a shard, so that little is padding. */
  rowWork(row: number): number;
  /** First values of every tensor and table by name. Called on one thread. */
  initialize(random: Random): Promise<ReadonlyMap<string, Float32Array>>;
  /** Prepares the gradient of a shard. */
  differentiate(shard: Shard<Settings>): Pass<ShardResult>;
  /** Number of portions in which the model is scored on its dev rows. */
  readonly devBatches: number;
  /** Prepares one portion; the results of all, added up in order, are the score. All have the same length. */
  score(devBatch: number): Pass<readonly number[]>;
}
