/** Transposition of strided blocks of f32, four by four in registers. All strides are in bytes. */
import { loadPart, storePart } from './rows';

/**
 * Writes the transpose of `rows` x `columns` numbers at `from` (`[rows, columns]`, rows `fromStride` apart) to `to`
 * (`[columns, rows]`, rows `toStride` apart).
 */
export function transposeBlock(
  to: usize,
  toStride: usize,
  from: usize,
  fromStride: usize,
  rows: i32,
  columns: i32,
): void {
  for (let r = 0; r < rows; r += 4) {
    const left = rows - r;
    const row0 = from + <usize>r * fromStride;
    // Rows behind the last are read as the first of the four: what comes of them is not stored.
    const row1 = left > 1 ? row0 + fromStride : row0;
    const row2 = left > 2 ? row1 + fromStride : row0;
    const row3 = left > 3 ? row2 + fromStride : row0;
    let target = to + ((<usize>r) << 2);
    for (let c = 0; c < columns; c += 4) {
      const offset = (<usize>c) << 2;
      const wide = columns - c;
      const a = loadPart(row0 + offset, wide);
      const b = loadPart(row1 + offset, wide);
      const d = loadPart(row2 + offset, wide);
      const e = loadPart(row3 + offset, wide);
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const de = v128.shuffle<f32>(d, e, 0, 4, 1, 5);
      storePart(target, v128.shuffle<f64>(ab, de, 0, 2), left);
      if (wide > 1) storePart(target + toStride, v128.shuffle<f64>(ab, de, 1, 3), left);
      if (wide > 2) {
        const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
        const deHigh = v128.shuffle<f32>(d, e, 2, 6, 3, 7);
        storePart(target + 2 * toStride, v128.shuffle<f64>(abHigh, deHigh, 0, 2), left);
        if (wide > 3) storePart(target + 3 * toStride, v128.shuffle<f64>(abHigh, deHigh, 1, 3), left);
      }
      target += toStride << 2;
    }
  }
}
