/** Rows of a table by id, with a gradient that every backend has. */
import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from '../engine/run.ts';
import { PADDING_ID } from '../token-batch.ts';

function gather(table: tf.Tensor2D, ids: Int32Array): tf.Tensor2D {
  if (hasKernel('RetortGatherRows')) return runKernel('RetortGatherRows', { table }, { ids })[0] as tf.Tensor2D;
  const columns = table.shape[1];
  const values = table.dataSync<'float32'>();
  const rows = new Float32Array(ids.length * columns);
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === PADDING_ID) continue;
    const from = ids[i] * columns;
    const to = i * columns;
    for (let c = 0; c < columns; c++) rows[to + c] = values[from + c];
  }
  return tf.tensor2d(rows, [ids.length, columns]);
}

function scatterAdd(rows: tf.Tensor2D, ids: Int32Array, tableRows: number): tf.Tensor2D {
  if (hasKernel('RetortScatterRows')) {
    return runKernel('RetortScatterRows', { rows }, { ids, tableRows })[0] as tf.Tensor2D;
  }
  const columns = rows.shape[1];
  const values = rows.dataSync<'float32'>();
  const table = new Float32Array(tableRows * columns);
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === PADDING_ID) continue;
    const from = i * columns;
    const to = ids[i] * columns;
    for (let c = 0; c < columns; c++) table[to + c] += values[from + c];
  }
  return tf.tensor2d(table, [tableRows, columns]);
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
    return { value: gather(source, ids), gradFunc: (dy) => scatterAdd(dy as tf.Tensor2D, ids, numRows) };
  });
  return op(table) as tf.Tensor2D;
}
