/** Largest value of each channel over the tokens of each text. */
import { tokenCount } from './texts';

/**
 * `values[b][c] = max_i x[b][i][c]`, 0 for an empty text.
 *
 * @param positions row of `x` that holds the largest value, the first of equals; -1 for an empty text
 */
export function sequenceMax(
  values: usize,
  positions: usize,
  x: usize,
  ids: usize,
  batch: i32,
  length: i32,
  width: i32,
): void {
  const bytes = (<usize>width) << 2;
  memory.fill(values, 0, <usize>batch * bytes);
  for (let i = 0; i < batch * width; i++) store<i32>(positions + ((<usize>i) << 2), -1);
  for (let b = 0; b < batch; b++, values += bytes, positions += bytes) {
    const first = b * length;
    const end = first + tokenCount(ids + ((<usize>first) << 2), length);
    for (let i = first; i < end; i++) {
      const row = x + <usize>i * bytes;
      for (let offset: usize = 0; offset < bytes; offset += 4) {
        const value = load<f32>(row + offset);
        if (load<i32>(positions + offset) >= 0 && !(value > load<f32>(values + offset))) continue;
        store<f32>(values + offset, value);
        store<i32>(positions + offset, i);
      }
    }
  }
}

/** The gradient of `sequenceMax`: `dx[position] = dy`, of `rows` rows. */
export function sequenceMaxGradient(dx: usize, positions: usize, dy: usize, batch: i32, rows: i32, width: i32): void {
  const bytes = (<usize>width) << 2;
  memory.fill(dx, 0, <usize>rows * bytes);
  for (let b = 0; b < batch; b++, positions += bytes, dy += bytes) {
    for (let offset: usize = 0; offset < bytes; offset += 4) {
      const position = load<i32>(positions + offset);
      if (position >= 0) store<f32>(dx + <usize>position * bytes + offset, load<f32>(dy + offset));
    }
  }
}
