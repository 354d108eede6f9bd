/** Rows of a table by id, with a gradient that every backend has. */
import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from '../engine/run.ts';
import { PADDING_ID } from '../token-batch.ts';

/** The ids as an index that every backend takes, and 0 for each that stands for padding, else 1, `[ids.length, 1]`. */
function indices(ids: Int32Array): { readonly index: Int32Array; readonly mask: tf.Tensor2D } {
  const mask = Float32Array.from(ids, (id) => (id === PADDING_ID ? 0 : 1));
  return { index: ids.map((id) => Math.max(0, id)), mask: tf.tensor2d(mask, [ids.length, 1]) };
}

/** What {@link gatherRows} computes, without a gradient. */
export function readRows(table: tf.Tensor2D, ids: Int32Array): tf.Tensor2D {
  if (hasKernel('RetortGatherRows')) return runKernel('RetortGatherRows', { table }, { ids })[0] as tf.Tensor2D;
  const { index, mask } = indices(ids);
  return tf.mul(tf.gather(table, tf.tensor1d(index, 'int32')), mask);
}

/**
 * @param rows `[ids.length, columns]`
 * @returns `[tableRows, columns]`, to each row the sum of those with its id
 */
export function addRows(rows: tf.Tensor2D, ids: Int32Array, tableRows: number): tf.Tensor2D {
  if (hasKernel('RetortScatterRows')) {
    return runKernel('RetortScatterRows', { rows }, { ids, tableRows })[0] as tf.Tensor2D;
  }
  const { index, mask } = indices(ids);
  const places = tf.tensor2d(index, [ids.length, 1], 'int32');
  return tf.scatterND(places, tf.mul(rows, mask), [tableRows, rows.shape[1]]) as tf.Tensor2D;
}

/**
 * @param table `[numRows, columns]`
 * @param ids each below `numRows`, or `PADDING_ID`, which reads as a row of zeros and sends no gradient
 * @returns `[ids.length, columns]`
 */
export function gatherRows(table: tf.Tensor2D, ids: Int32Array): tf.Tensor2D {
  const [numRows] = table.shape;
  const op = tf.customGrad((...inputs) => {
    const [source] = inputs as unknown as [tf.Tensor2D];
    return { value: readRows(source, ids), gradFunc: (dy) => addRows(dy as tf.Tensor2D, ids, numRows) };
  });
  return op(table) as tf.Tensor2D;
}
