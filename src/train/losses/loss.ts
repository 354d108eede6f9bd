/**
 * What every loss is: a pure function from numbers to a value and its gradient, written out in double precision. The
 * inputs are logits and pooled features of one batch, a few kilobytes, so that the closed form costs less than a dozen
 * tensor operations, has no missing gradient kernel on any backend, and stays exact where float32 cancels (large T).
 */

/** A batch of vectors `[rows, columns]`, row-major. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array | Float64Array;
}

/** Value of a loss and its gradient with respect to the student's matrix, same layout. */
export interface LossGradient {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Joins one vector a row into a matrix. All vectors have the same length; there is at least one. */
export function stackRows(rows: readonly ArrayLike<number>[]): Matrix {
  const columns = rows[0].length;
  const data = new Float32Array(rows.length * columns);
  for (const [i, row] of rows.entries()) data.set(row, i * columns);
  return { rows: rows.length, columns, data };
}
