/** One vector a text from the vectors of its tokens. */
import * as tf from '@tensorflow/tfjs-core';
import { weightedMean } from '../../ops/weighted-mean.ts';
import { createTokenBatch } from '../../token-batch.ts';
import type { Pooling } from './encoder-config.ts';

/** Rows of each text that count. */
function countedRows(offsets: Int32Array, pooling: Pooling): readonly Int32Array[] {
  return Array.from({ length: offsets.length - 1 }, (_, text) => {
    const rows = pooling === 'cls' ? 1 : offsets[text + 1] - offsets[text];
    return Int32Array.from({ length: rows }, (__, row) => offsets[text] + row);
  });
}

/**
 * @param x `[tokens, width]`
 * @param offsets where each text begins, and where the last one ends, `[texts + 1]`; no text is empty
 * @returns `[texts, width]`, each from the rows of its own text alone
 */
export function pool(x: tf.Tensor2D, offsets: Int32Array, pooling: Pooling): tf.Tensor2D {
  const rows = createTokenBatch(countedRows(offsets, pooling));
  return weightedMean(x, tf.ones([x.shape[0]]), rows, 'id');
}
