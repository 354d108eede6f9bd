/** Rows of a table by id, with a gradient that every backend has. */
import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from '../engine/run.ts';
import { PADDING_ID } from '../token-batch.ts';

/** The ids as an index that every backend takes, where padding is the row behind the last one. */
function indices(ids: Int32Array, tableRows: number): Int32Array {
  return ids.map((id) => (id === PADDING_ID ? tableRows : id));
}

/** What {@link gatherRows} computes, without a gradient. */
export function readRows(table: tf.Tensor2D, ids: Int32Array): tf.Tensor2D {
  if (hasKernel('RetortGatherRows')) return runKernel('RetortGatherRows', { table }, { ids })[0] as tf.Tensor2D;
  const [tableRows, columns] = table.shape;
  const withPadding = tf.concat([table, tf.zeros([1, columns])]);
  return tf.gather(withPadding, tf.tensor1d(indices(ids, tableRows), 'int32')) as tf.Tensor2D;
}

/**
 * @param rows `[ids.length, columns]`
 * @returns `[tableRows, columns]`, to each row the sum of those with its id
 */
export function addRows(rows: tf.Tensor2D, ids: Int32Array, tableRows: number): tf.Tensor2D {
  if (hasKernel('RetortScatterRows')) {
    return runKernel('RetortScatterRows', { rows }, { ids, tableRows })[0] as tf.Tensor2D;
  }
  const columns = rows.shape[1];
  const places = tf.tensor2d(indices(ids, tableRows), [ids.length, 1], 'int32');
  const sums = tf.scatterND(places, rows, [tableRows + 1, columns]) as tf.Tensor2D;
  return tf.slice(sums, [0, 0], [tableRows, columns]);
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
