/**
 * A network that reads texts, as training sees it: tensors, a tokenizer and a differentiable function from token
 * ids to logits. Student and fine-tuned teacher are two of them; losses, schedules, batches, checkpoints and threads
 * are the same for both.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Family } from '../format/index.ts';
import type { PredictorInput } from '../runtime/index.ts';
import type { Random } from './random.ts';
import type { TextIds, TokenBatch } from './token-batch.ts';
import type { Tensors, TrainedTable, TrainedTensor } from './trainer/trainable-model.ts';

/** What a network makes of a batch. */
export interface NetworkOutput {
  /** `[batch, labels]`; to tag, `[words, labels]`. */
  readonly logits: tf.Tensor2D;
  /**
   * The first vector of each text, right after pooling, `[batch, pooledSize]`: what feature losses compare. The logits
   * where nothing is pooled.
   */
  readonly pooled: tf.Tensor2D;
}

/** How activations are dropped in a training pass. */
export interface Dropout {
  /** Share of activations that become 0; the others grow by `1 / (1 - rate)`. */
  readonly rate: number;
  /** A stream of its own for each step and shard: the same masks on any number of threads. */
  readonly random: Random;
}

/**
 * Fewest rows that are worth a gradient shard of their own. Each shard is one more pass through all operations: where a
 * row is a few dozen numbers wide they take about as long on 8 rows as on 32 (cutting 32 rows in four made a step of a
 * convolutional student 1.7 times as long on one thread); four rows through a layer of a transformer keep it busy.
 */
export const ROWS_PER_SHARD = { student: 32, transformer: 4 } as const;

/** Fewest rows of a gradient shard of a student. */
export function rowsPerShardOf(family: Family): number {
  return ROWS_PER_SHARD[family === 'transformer' ? 'transformer' : 'student'];
}

/** Built once a thread from plain data ({@link NetworkTask}), with the backend set. */
export interface Network {
  readonly tensors: readonly TrainedTensor[];
  /** Tables with one row a token id. */
  readonly tables: readonly TrainedTable[];
  /** Width of `pooled`. */
  readonly pooledSize: number;
  /** Fewest rows of a gradient shard, e.g. one of {@link ROWS_PER_SHARD}; shards are what threads share. */
  readonly rowsPerShard: number;
  /**
   * First values of every tensor and table, by name: drawn, or read from a checkpoint. Called on one thread only, once,
   * also where a training goes on: the draws that follow are then the same.
   */
  initialize(random: Random): Promise<ReadonlyMap<string, Float32Array>>;
  /** @returns the ids of a text, special tokens included, maybe none; those of both texts of a pair; the bytes of an image */
  encode(input: PredictorInput): readonly Int32Array[];
  /** The ids of a text, word by word; only of a network that tags, which is then asked for nothing else. */
  readonly encodeWords?: (text: string) => TextIds;
  /**
   * The differentiable function; called inside a gradient or `tf.tidy`, so every operation must have a gradient there.
   *
   * @param tensors by name: each tensor in its shape, of each table the rows of the ids that the batch has, and no other
   * @param tokens texts of ids that count these rows: position `i` of a text reads row `tokens.ids[i]` of each table,
   * `PADDING_ID` none; where there are no tables, the ids as they are
   * @param dropout absent for evaluation, and where the rate is 0
   */
  forward(tensors: Tensors, tokens: TokenBatch, dropout: Dropout | null): NetworkOutput;
}
