import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { attention } from '../../../src/train/ops/attention.ts';
import { dropoutFactors } from '../../../src/train/ops/dropped-probabilities.ts';
import { expectClose, normals, onCpu, valueAndGradients } from '../../support/tensors.ts';
import { useWasmBackend } from '../../support/wasm-backend.ts';

beforeAll(useWasmBackend);

function offsetsOf(lengths: readonly number[]): Int32Array {
  const offsets = new Int32Array(lengths.length + 1);
  for (const [i, length] of lengths.entries()) offsets[i + 1] = offsets[i] + length;
  return offsets;
}

/** The definition, in double precision. */
function oneByOne(
  qkv: Float32Array,
  hidden: number,
  heads: number,
  lengths: readonly number[],
  factors?: Float32Array,
) {
  const size = hidden / heads;
  const out = new Float64Array((qkv.length / 3 / hidden) * hidden);
  let begin = 0;
  let place = 0;
  for (const length of lengths) {
    for (let head = 0; head < heads; head++) {
      const at = (part: number, row: number, c: number): number =>
        qkv[(begin + row) * 3 * hidden + part * hidden + head * size + c];
      for (let i = 0; i < length; i++) {
        const scores = Array.from({ length }, (_, j) => {
          let sum = 0;
          for (let c = 0; c < size; c++) sum += at(0, i, c) * at(1, j, c);
          return Math.exp(sum / Math.sqrt(size));
        });
        const total = scores.reduce((sum, score) => sum + score);
        for (let j = 0; j < length; j++, place++) {
          const p = (scores[j] / total) * (factors?.[place] ?? 1);
          for (let c = 0; c < size; c++) out[(begin + i) * hidden + head * size + c] += p * at(2, j, c);
        }
      }
    }
    begin += length;
  }
  return out;
}

const CASES: readonly (readonly [lengths: readonly number[], heads: number, size: number])[] = [
  [[1], 1, 1],
  [[3, 1, 4], 2, 3],
  [[3, 0, 4, 0], 2, 3],
  [[5, 31, 2], 1, 4],
  [[33, 7], 3, 5],
  [[40, 3], 2, 32],
];

describe('attention', () => {
  it.each(CASES)('of sequences %j, %i heads of %i, is the definition within 1e-5', (lengths, heads, size) => {
    const hidden = heads * size;
    const rows = lengths.reduce((a, b) => a + b);
    const qkv = normals(1, rows * 3 * hidden);
    const out = tf.tidy(() =>
      attention(tf.tensor2d(qkv, [rows, 3 * hidden]), heads, offsetsOf(lengths)).dataSync<'float32'>(),
    );
    expectClose(out, oneByOne(qkv, hidden, heads, lengths), 1e-5);
  });

  it.each(CASES)(
    'of %j, %i heads of %i, has value and gradient of the cpu backend within 1e-5',
    async (lengths, heads, size) => {
      const rows = lengths.reduce((a, b) => a + b);
      for (const dropout of [
        { rate: 0, seed: 0 },
        { rate: 0.3, seed: 77 },
      ]) {
        const op = (x: tf.Tensor): tf.Tensor => attention(x as tf.Tensor2D, heads, offsetsOf(lengths), dropout);
        const wasm = valueAndGradients(op, [[rows, 3 * heads * size]]);
        const cpu = await onCpu(() => valueAndGradients(op, [[rows, 3 * heads * size]]));
        expectClose(wasm[0], cpu[0], 1e-5, 'value');
        expectClose(wasm[1], cpu[1], 1e-5, 'gradient');
      }
    },
  );

  it.each([0, 0.4])('has the gradient of finite differences within 1e-2, dropout %d', (rate) => {
    const [lengths, heads, size] = [[3, 5, 1], 2, 3];
    const shape: [number, number] = [9, 3 * heads * size];
    const offsets = offsetsOf(lengths);
    const values = normals(0, shape[0] * shape[1]);
    const weights = normals(100, shape[0] * heads * size);
    const loss = (qkv: Float32Array): number =>
      oneByOne(qkv, heads * size, heads, lengths, dropoutFactors(2 * (9 + 25 + 1), rate, 5)).reduce(
        (sum, y, i) => sum + y * weights[i],
        0,
      );
    const op = (x: tf.Tensor): tf.Tensor => attention(x as tf.Tensor2D, heads, offsets, { rate, seed: 5 });
    const [, gradient] = valueAndGradients(op, [shape]);
    for (let i = 0; i < values.length; i++) {
      const [up, down] = [values.slice(), values.slice()];
      up[i] += 1e-2;
      down[i] -= 1e-2;
      const slope = (loss(up) - loss(down)) / (up[i] - down[i]);
      expect(Math.abs(gradient[i] - slope), `${i}`).toBeLessThan(1e-2 * Math.max(1, Math.abs(slope)));
    }
  });

  it('gives a sequence the same bits, forward and backward, whatever sequences stand beside it', () => {
    const cases = fc.record({
      lengths: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
      which: fc.nat(),
      heads: fc.integer({ min: 1, max: 3 }),
      size: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(cases, ({ lengths, which, heads, size }) => {
        const hidden = heads * size;
        const offsets = offsetsOf(lengths);
        const at = which % lengths.length;
        const [begin, end] = [offsets[at], offsets[at + 1]];
        const rows = offsets[lengths.length];
        const qkv = normals(1, rows * 3 * hidden);
        const dy = normals(2, rows * hidden);
        const run = (from: number, to: number, bounds: Int32Array): Float32Array[] =>
          tf.tidy(() => {
            const x = tf.tensor2d(qkv.slice(from * 3 * hidden, to * 3 * hidden), [to - from, 3 * hidden]);
            const d = tf.tensor2d(dy.slice(from * hidden, to * hidden), [to - from, hidden]);
            const { value, grad } = tf.valueAndGrad((input: tf.Tensor) =>
              attention(input as tf.Tensor2D, heads, bounds),
            )(x, d);
            return [value.dataSync<'float32'>(), grad.dataSync<'float32'>()];
          });
        const whole = run(0, rows, offsets);
        const alone = run(begin, end, Int32Array.of(0, end - begin));
        expect(alone[0]).toEqual(whole[0].slice(begin * hidden, end * hidden));
        expect(alone[1]).toEqual(whole[1].slice(begin * 3 * hidden, end * 3 * hidden));
      }),
      { numRuns: 50 },
    );
  });

  it('drops the share of probabilities that is asked for, and keeps their sum in the mean', () => {
    const factors = dropoutFactors(100_000, 0.2, 3);
    const dropped = factors.filter((factor) => factor === 0).length / factors.length;
    expect(Math.abs(dropped - 0.2)).toBeLessThan(0.005);
    expect(Math.abs(factors.reduce((a, b) => a + b) / factors.length - 1)).toBeLessThan(0.01);
    expect(dropoutFactors(100, 0.2, 3)).toEqual(factors.slice(0, 100));
    expect(dropoutFactors(100, 0.2, 4)).not.toEqual(factors.slice(0, 100));
  });
});
