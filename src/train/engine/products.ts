/** Products of matrices on the engine: shapes, broadcasting, and the numbers that the assembly takes. */
import { broadcast_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { Engine } from './engine.ts';

/** Which operands are stored transposed, and a bias `[n]` that is added to every row. */
export interface ProductOptions {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly bias?: TensorInfo;
}

interface Matrices {
  /** Matrices of one operand. */
  readonly count: number;
  readonly batchShape: number[];
  readonly rows: number;
  readonly columns: number;
}

function matricesOf({ shape }: TensorInfo, transposed: boolean): Matrices {
  const batchShape = shape.slice(0, -2);
  const [rows, columns] = shape.slice(-2);
  const count = util.sizeFromShape(batchShape);
  return transposed ? { count, batchShape, rows: columns, columns: rows } : { count, batchShape, rows, columns };
}

/**
 * `a b`, batches broadcast. A row of the result has the same bits whatever rows and batches stand beside it.
 *
 * @param a `[..., m, k]`, or `[..., k, m]` where `transposeA`
 * @param b `[..., k, n]`, or `[..., n, k]` where `transposeB`; `k` at least 1
 * @returns `[..., m, n]`
 */
export function product(engine: Engine, a: TensorInfo, b: TensorInfo, options: ProductOptions): TensorInfo {
  const left = matricesOf(a, options.transposeA);
  const right = matricesOf(b, options.transposeB);
  const batchShape = broadcast_util.assertAndGetBroadcastShape(left.batchShape, right.batchShape);
  const batch = util.sizeFromShape(batchShape);
  const [m, k, n] = [left.rows, left.columns, right.columns];
  const out = engine.output([...batchShape, m, n]);
  if (batch * m * n === 0) return out;

  const scratch = engine.scratch(engine.kernels.productScratchBytes());
  const bias = options.bias === undefined ? 0 : engine.address(options.bias);
  const run = (at: number, aAt: number, bAt: number, count: number, rows: number): void =>
    engine.kernels.products(
      engine.address(out) + 4 * at * m * n,
      engine.address(a) + 4 * aAt * m * k,
      engine.address(b) + 4 * bAt * k * n,
      count,
      4 * m * n,
      left.count === 1 ? 0 : 4 * m * k,
      right.count === 1 ? 0 : 4 * k * n,
      rows,
      n,
      k,
      options.transposeA,
      options.transposeB,
      bias,
      scratch,
    );

  // One matrix for all of the batch: its panels are packed once, and the batch is nothing but more rows.
  if (right.count === 1 && left.count === batch && !options.transposeA) run(0, 0, 0, 1, batch * m);
  else if ([1, batch].includes(left.count) && [1, batch].includes(right.count)) run(0, 0, 0, batch, m);
  else {
    const aAt = batchIndices(left.batchShape, batchShape);
    const bAt = batchIndices(right.batchShape, batchShape);
    for (let i = 0; i < batch; i++) run(i, aAt[i], bAt[i], 1, m);
  }
  return out;
}

/** For each index of the broadcast batch, row-major, the one of an operand. */
function batchIndices(shape: readonly number[], broadcast: readonly number[]): Int32Array {
  const padded = [...new Array<number>(broadcast.length - shape.length).fill(1), ...shape];
  const strides = util.computeStrides([...padded, 1]);
  const counter = new Array<number>(broadcast.length).fill(0);
  return Int32Array.from({ length: util.sizeFromShape([...broadcast]) }, () => {
    const at = counter.reduce((sum, index, axis) => sum + (padded[axis] === 1 ? 0 : index * strides[axis]), 0);
    for (let axis = counter.length - 1; axis >= 0; axis--) {
      counter[axis]++;
      if (counter[axis] < broadcast[axis]) break;
      counter[axis] = 0;
    }
    return at;
  });
}
