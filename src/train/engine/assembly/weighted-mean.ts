/**
 * Weighted mean over the tokens of each text, `[batch, width]`. A token reads the row of its id in a table, or the row
 * of its position in the batch; the weight is that of its id either way.
 */
import { loadPart, storePart, sumLanes } from './rows';
import { tokenCount } from './texts';

function rowOf(rows: usize, byId: boolean, id: i32, position: i32, bytes: usize): usize {
  return rows + <usize>(byId ? id : position) * bytes;
}

/**
 * `means[b] = sum w_i row_i / s_b`.
 *
 * @param sums `s_b`, the sum of the weights of each text, kept for the gradient; 1 for an empty text, whose mean is 0
 * @param byId whether a token reads the row of its id
 */
export function weightedMean(
  means: usize,
  sums: usize,
  rows: usize,
  weights: usize,
  ids: usize,
  batch: i32,
  length: i32,
  width: i32,
  byId: boolean,
): void {
  const bytes = (<usize>width) << 2;
  for (let b = 0; b < batch; b++, ids += (<usize>length) << 2, means += bytes) {
    const count = tokenCount(ids, length);
    let sum: f32 = 0;
    memory.fill(means, 0, bytes);
    for (let i = 0; i < count; i++) {
      const id = load<i32>(ids + ((<usize>i) << 2));
      const weight = load<f32>(weights + ((<usize>id) << 2));
      const row = rowOf(rows, byId, id, b * length + i, bytes);
      sum += weight;
      addScaled(means, row, weight, width);
    }
    if (sum === 0) sum = 1;
    store<f32>(sums + ((<usize>b) << 2), sum);
    const scale = f32x4.splat(sum);
    for (let c = 0; c < width; c += 4) {
      const at = means + ((<usize>c) << 2);
      storePart(at, f32x4.div(loadPart(at, width - c), scale), width - c);
    }
  }
}

/** `to += factor * from` */
function addScaled(to: usize, from: usize, factor: f32, width: i32): void {
  const scale = f32x4.splat(factor);
  for (let c = 0; c < width; c += 4) {
    const offset = (<usize>c) << 2;
    const left = width - c;
    storePart(
      to + offset,
      f32x4.add(loadPart(to + offset, left), f32x4.mul(scale, loadPart(from + offset, left))),
      left,
    );
  }
}

function dot(a: usize, b: usize, width: i32): f32 {
  let sums = f32x4.splat(0);
  for (let c = 0; c < width; c += 4) {
    const offset = (<usize>c) << 2;
    sums = f32x4.add(sums, f32x4.mul(loadPart(a + offset, width - c), loadPart(b + offset, width - c)));
  }
  return sumLanes(sums);
}

/**
 * The gradients of `weightedMean`: `dRow_i = w_i dy / s` and `dw_i = (row_i - mean) . dy / s`, added up for a row or
 * weight that several tokens read.
 *
 * @param dRows as many numbers as `rows`, of which there are `rowCount`
 * @param dWeights of `weightCount` weights
 */
export function weightedMeanGradient(
  dRows: usize,
  dWeights: usize,
  rows: usize,
  weights: usize,
  means: usize,
  sums: usize,
  dy: usize,
  ids: usize,
  batch: i32,
  length: i32,
  width: i32,
  byId: boolean,
  rowCount: i32,
  weightCount: i32,
): void {
  const bytes = (<usize>width) << 2;
  memory.fill(dRows, 0, <usize>rowCount * bytes);
  memory.fill(dWeights, 0, (<usize>weightCount) << 2);
  for (let b = 0; b < batch; b++, ids += (<usize>length) << 2, means += bytes, dy += bytes) {
    const count = tokenCount(ids, length);
    const sum = load<f32>(sums + ((<usize>b) << 2));
    const atMean = dot(dy, means, width);
    for (let i = 0; i < count; i++) {
      const id = load<i32>(ids + ((<usize>i) << 2));
      const weight = (<usize>id) << 2;
      const row = rowOf(0, byId, id, b * length + i, bytes);
      addScaled(dRows + row, dy, load<f32>(weights + weight) / sum, width);
      const towards = (dot(dy, rows + row, width) - atMean) / sum;
      store<f32>(dWeights + weight, load<f32>(dWeights + weight) + towards);
    }
  }
}
