import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantizeRows } from '../../src/train/quantization.ts';

const weights = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 9 })).chain(([rows, columns]) =>
  fc.record({
    rows: fc.constant(rows),
    values: fc.float32Array({ minLength: rows * columns, maxLength: rows * columns, noNaN: true, min: -1e6, max: 1e6 }),
  }),
);

describe('quantizeRows', () => {
  it('stays within half a scale of every weight, plus rounding of f32', () => {
    fc.assert(
      fc.property(weights, ({ rows, values }) => {
        const { values: quantized, scales } = quantizeRows(values, rows);
        const columns = values.length / rows;
        for (const [i, value] of values.entries()) {
          const scale = scales[Math.floor(i / columns)];
          expect(Math.abs(value - scale * quantized[i])).toBeLessThanOrEqual(scale * 0.5001);
        }
      }),
    );
  });

  it('uses -127 to 127, and reaches the end of the range in every row that is not zero', () => {
    fc.assert(
      fc.property(weights, ({ rows, values }) => {
        const { values: quantized } = quantizeRows(values, rows);
        const columns = values.length / rows;
        for (let row = 0; row < rows; row++) {
          const largest = Math.max(...quantized.slice(row * columns, (row + 1) * columns).map(Math.abs));
          const source = Math.max(...values.slice(row * columns, (row + 1) * columns).map(Math.abs));
          // Below the smallest normal number times 127 a scale cannot shrink any more.
          if (source > 127 * 2 ** -126) expect(largest).toBe(127);
          expect(largest).toBeLessThanOrEqual(127);
        }
      }),
    );
  });

  it('gives a row of zeros the scale 1', () => {
    const { values, scales } = quantizeRows(Float32Array.of(0, -0, 0, 2, -1, 1), 2);
    expect([...scales]).toEqual([1, Math.fround(2 / 127)]);
    expect([...values]).toEqual([0, 0, 0, 127, -64, 64]);
  });

  it('rounds half to even', () => {
    // 127 makes the scale 1.
    const { values } = quantizeRows(Float32Array.of(127, 0.5, 1.5, 2.5, -0.5, -1.5, 3.4, -3.6), 1);
    expect([...values]).toEqual([127, 0, 2, 2, 0, -2, 3, -4]);
  });
});
