/**
 * Depthwise convolution along time and its gradient: stride 1, zeros around each text, an odd number of taps. Texts lie
 * side by side, `[batch, length, channels]`; what lies behind the last token of a text counts as zeros.
 */
import { loadPart, storePart } from './rows';
import { tokenCount } from './texts';

/** `[channels, taps]` -> `[taps, channels]`, or back with the counts exchanged. */
function transposeTaps(to: usize, from: usize, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      store<f32>(to + ((<usize>(c * rows + r)) << 2), load<f32>(from + ((<usize>(r * columns + c)) << 2)));
    }
  }
}

/**
 * `y[i] = bias + sum_t weight[t] * x[i + t - half]`, for every position of every text.
 *
 * @param weight `[channels, taps]`
 * @param scratch room for as many numbers
 */
export function depthwiseConv(
  y: usize,
  x: usize,
  weight: usize,
  bias: usize,
  ids: usize,
  batch: i32,
  length: i32,
  channels: i32,
  taps: i32,
  scratch: usize,
): void {
  const bytes = (<usize>channels) << 2;
  const half = taps >> 1;
  transposeTaps(scratch, weight, channels, taps);
  for (let b = 0; b < batch; b++, ids += (<usize>length) << 2, x += <usize>length * bytes) {
    const count = tokenCount(ids, length);
    for (let i = 0; i < length; i++, y += bytes) {
      const first = max(0, half - i);
      const last = min(taps, count - i + half);
      for (let c = 0; c < channels; c += 4) {
        const offset = (<usize>c) << 2;
        const left = channels - c;
        let sum = loadPart(bias + offset, left);
        for (let t = first; t < last; t++) {
          const value = loadPart(x + <usize>(i + t - half) * bytes + offset, left);
          sum = f32x4.add(sum, f32x4.mul(loadPart(scratch + <usize>t * bytes + offset, left), value));
        }
        storePart(y + offset, sum, left);
      }
    }
  }
}

/**
 * The gradients of `depthwiseConv`.
 *
 * @param scratch room for twice as many numbers as the weight has
 */
export function depthwiseConvGradient(
  dx: usize,
  dWeight: usize,
  dBias: usize,
  x: usize,
  weight: usize,
  dy: usize,
  ids: usize,
  batch: i32,
  length: i32,
  channels: i32,
  taps: i32,
  scratch: usize,
): void {
  const bytes = (<usize>channels) << 2;
  const half = taps >> 1;
  const sums = scratch + <usize>taps * bytes;
  transposeTaps(scratch, weight, channels, taps);
  memory.fill(sums, 0, <usize>taps * bytes);
  memory.fill(dBias, 0, bytes);
  memory.fill(dx, 0, <usize>(batch * length) * bytes);
  for (let b = 0; b < batch; b++, ids += (<usize>length) << 2) {
    const count = tokenCount(ids, length);
    for (let i = 0; i < length; i++, dy += bytes) {
      const first = max(0, half - i);
      const last = min(taps, count - i + half);
      for (let c = 0; c < channels; c += 4) {
        const offset = (<usize>c) << 2;
        const left = channels - c;
        const d = loadPart(dy + offset, left);
        storePart(dBias + offset, f32x4.add(loadPart(dBias + offset, left), d), left);
        for (let t = first; t < last; t++) {
          const tap = <usize>t * bytes + offset;
          const at = <usize>(i + t - half) * bytes + offset;
          storePart(sums + tap, f32x4.add(loadPart(sums + tap, left), f32x4.mul(d, loadPart(x + at, left))), left);
          const towards = f32x4.mul(d, loadPart(scratch + tap, left));
          storePart(dx + at, f32x4.add(loadPart(dx + at, left), towards), left);
        }
      }
    }
    x += <usize>length * bytes;
    dx += <usize>length * bytes;
  }
  transposeTaps(dWeight, sums, taps, channels);
}
