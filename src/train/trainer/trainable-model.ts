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

/**
 * A model as the trainer sees it.
 *
 * @typeParam Input what a pass reads beside the parameters: texts, targets, weights of the loss; structured-clonable, so
 * that a thread needs no data of its own
 */
export interface TrainableModel<Input> {
  readonly tensors: readonly TrainedTensor[];
  readonly tables: readonly TrainedTable[];
  /** First values of every tensor and table by name. Called on one thread. */
  initialize(random: Random): Promise<ReadonlyMap<string, Float32Array>>;
  /**
   * Prepares the gradient of a shard: a part of a batch that is computed in one piece, on whichever thread.
   *
   * @param random draws dropout: a stream of its own for each step and shard
   */
  differentiate(shard: Input, random: Random): Pass<ShardResult>;
  /** Prepares the score of some dev rows: sums over the rows, of one length whatever the rows. */
  score(rows: Input): Pass<readonly number[]>;
}
