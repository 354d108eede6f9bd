/**
 * Scaled dot-product attention of several heads (Vaswani et al. 2017, arXiv:1706.03762) over sequences that follow one
 * another without padding: no sequence sees another, and none costs work for the length of another.
 */
import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from '../engine/run.ts';
import { composeAttention, composeAttentionGradient } from './padded-attention.ts';

/** Drops probabilities of attention (Srivastava et al. 2014). */
export interface AttentionDropout {
  /** Share of the probabilities that become 0, from 0 to below 1; the others grow by `1 / (1 - rate)`. */
  readonly rate: number;
  /** 32 bits that draw them: the same seed drops the same places. */
  readonly seed: number;
}

/** A batch of sequences, and how they are attended to. */
export interface AttentionBatch {
  readonly heads: number;
  readonly offsets: Int32Array;
  readonly dropRate: number;
  readonly seed: number;
}

/**
 * Every row attends to all rows of its own sequence.
 *
 * @param qkv query, key and value side by side, `[rows, 3 * hiddenSize]`; the heads lie side by side in each
 * @param heads a divisor of `hiddenSize`
 * @param offsets where each sequence begins, and where the last one ends, `[sequences + 1]`
 * @returns `[rows, hiddenSize]`
 */
export function attention(
  qkv: tf.Tensor2D,
  heads: number,
  offsets: Int32Array,
  dropout: AttentionDropout = { rate: 0, seed: 0 },
): tf.Tensor2D {
  const batch: AttentionBatch = { heads, offsets, dropRate: dropout.rate, seed: dropout.seed };
  const isOwn = hasKernel('RetortAttention');
  const op = tf.customGrad((...inputs) => {
    const [x, save] = inputs as unknown as [tf.Tensor2D, tf.GradSaveFunc];
    const [value, probabilities] = isOwn ? runKernel('RetortAttention', { qkv: x }, batch) : composeAttention(x, batch);
    save([x, probabilities]);
    return {
      value,
      gradFunc: (dy, [savedX, savedProbabilities]) =>
        isOwn
          ? runKernel('RetortAttentionGradient', { qkv: savedX, probabilities: savedProbabilities, dy }, batch)[0]
          : composeAttentionGradient(savedX as tf.Tensor2D, savedProbabilities, dy as tf.Tensor2D, batch),
    };
  });
  return op(qkv) as tf.Tensor2D;
}
