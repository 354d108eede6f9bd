import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { expectClose, onCpu, normals as values } from '../../support/tensors.ts';
import { useWasmBackend } from '../../support/wasm-backend.ts';

beforeAll(useWasmBackend);

const SIZES = [1, 3, 4, 5, 8, 9, 31, 33];

/** The definition: one accumulation over k, in order, every step rounded to f32. */
function oneByOne(a: Float32Array, b: Float32Array, m: number, k: number, n: number): Float32Array {
  const c = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let x = 0; x < k; x++) sum = Math.fround(sum + Math.fround(a[i * k + x] * b[x * n + j]));
      c[i * n + j] = sum;
    }
  }
  return c;
}

function transposed(x: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(x, (_, i) => x[(i % rows) * columns + Math.floor(i / rows)]);
}

/** Multiplies with each operand stored as asked. */
function multiply(
  a: Float32Array,
  b: Float32Array,
  [m, k, n]: readonly [number, number, number],
  transposeA: boolean,
  transposeB: boolean,
): Float32Array {
  return tf.tidy(() => {
    const left = transposeA ? tf.tensor2d(transposed(a, m, k), [k, m]) : tf.tensor2d(a, [m, k]);
    const right = transposeB ? tf.tensor2d(transposed(b, k, n), [n, k]) : tf.tensor2d(b, [k, n]);
    return tf.matMul(left, right, transposeA, transposeB).dataSync<'float32'>();
  });
}

describe('products of matrices', () => {
  it('are one accumulation over k in order, bit for bit, in every size and storage', () => {
    for (const m of SIZES) {
      for (const k of SIZES) {
        for (const n of SIZES) {
          const a = values(m, m * k);
          const b = values(n + 100, k * n);
          const expected = oneByOne(a, b, m, k, n);
          for (const storage of [0, 1, 2, 3]) {
            const got = multiply(a, b, [m, k, n], (storage & 1) > 0, (storage & 2) > 0);
            expect(got, `${m}x${k}x${n}, storage ${storage}`).toEqual(expected);
          }
        }
      }
    }
  });

  it.each([
    [70, 300, 20],
    [130, 513, 270],
    [5, 1000, 600],
  ] as const)('cross the blocks of the caches without a change of bits: %i x %i x %i', (m, k, n) => {
    const a = values(1, m * k);
    const b = values(2, k * n);
    const expected = oneByOne(a, b, m, k, n);
    for (const storage of [0, 1, 2, 3]) {
      expect(multiply(a, b, [m, k, n], (storage & 1) > 0, (storage & 2) > 0)).toEqual(expected);
    }
  });

  it('give a row the same bits whatever rows stand beside it', () => {
    const sizes = fc.record({
      m: fc.integer({ min: 1, max: 70 }),
      k: fc.integer({ min: 1, max: 70 }),
      n: fc.integer({ min: 1, max: 40 }),
      row: fc.nat(),
      transposeB: fc.boolean(),
    });
    fc.assert(
      fc.property(sizes, ({ m, k, n, row, transposeB }) => {
        const a = values(m, m * k);
        const b = values(n, k * n);
        const at = row % m;
        const whole = multiply(a, b, [m, k, n], false, transposeB);
        const alone = multiply(a.slice(at * k, (at + 1) * k), b, [1, k, n], false, transposeB);
        expect(alone).toEqual(whole.slice(at * n, (at + 1) * n));
      }),
    );
  });

  it.each([
    [
      [2, 3, 4, 5],
      [2, 3, 5, 6],
    ],
    [
      [4, 5],
      [7, 5, 6],
    ],
    [
      [7, 4, 5],
      [5, 6],
    ],
    [
      [2, 1, 4, 5],
      [1, 3, 5, 6],
    ],
    [
      [3, 4, 5],
      [2, 1, 5, 6],
    ],
  ])('broadcast batches as if each operand were repeated: %j times %j', async (aShape, bShape) => {
    const swap = (shape: number[], yes: boolean): number[] =>
      yes ? [...shape.slice(0, -2), ...shape.slice(-2).reverse()] : shape;
    const batch = tf.broadcast_util.assertAndGetBroadcastShape(aShape.slice(0, -2), bShape.slice(0, -2));
    const repeat = (x: tf.Tensor): tf.Tensor => tf.broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
    const product = (transposeA: boolean, transposeB: boolean, prepare = (x: tf.Tensor) => x): Float32Array =>
      tf.tidy(() => {
        const a = tf.tensor(values(1, tf.util.sizeFromShape(aShape)), swap(aShape, transposeA));
        const b = tf.tensor(values(2, tf.util.sizeFromShape(bShape)), swap(bShape, transposeB));
        return tf.matMul(prepare(a), prepare(b), transposeA, transposeB).dataSync<'float32'>();
      });
    const wasm = [0, 1, 2, 3].map((storage) => product((storage & 1) > 0, (storage & 2) > 0));
    await onCpu(() => {
      for (const [storage, got] of wasm.entries()) {
        expectClose(got, product((storage & 1) > 0, (storage & 2) > 0, repeat), 1e-6);
      }
    });
  });

  it('gives a batch the same bits as its matrices one by one', () => {
    const [batch, m, k, n] = [6, 5, 33, 9];
    const a = values(3, batch * m * k);
    const b = values(4, batch * k * n);
    const together = tf.tidy(() => tf.matMul(tf.tensor3d(a, [batch, m, k]), tf.tensor3d(b, [batch, k, n])).dataSync());
    for (let i = 0; i < batch; i++) {
      const alone = multiply(
        a.slice(i * m * k, (i + 1) * m * k),
        b.slice(i * k * n, (i + 1) * k * n),
        [m, k, n],
        false,
        false,
      );
      expect(together.slice(i * m * n, (i + 1) * m * n)).toEqual(alone);
    }
  });

  it('serve convolutions of one pixel, bit for bit; others go to the kernel that was there', async () => {
    const [pixels, channels, outputs] = [6, 5, 33];
    const x = values(1, pixels * channels);
    const filter = values(2, channels * outputs);
    const convolve = (size: number, stride: number, pad: 'same' | number = 'same'): Float32Array =>
      tf.tidy(() => {
        const filters = tf.tensor4d(values(2, size * size * channels * outputs), [size, size, channels, outputs]);
        return tf.conv2d(tf.tensor4d(x, [1, 2, 3, channels]), filters, stride, pad).dataSync<'float32'>();
      });
    expect(convolve(1, 1)).toEqual(oneByOne(x, filter, pixels, channels, outputs));
    for (const [size, stride, pad] of [
      [3, 1, 'same'],
      [1, 2, 'same'],
      [1, 2, 1],
      [1, 1, 1],
    ] as const) {
      const got = convolve(size, stride, pad);
      const what = `${size} pixels, stride ${stride}, padding ${pad}`;
      expectClose(got, await onCpu(() => convolve(size, stride, pad)), 1e-5, what);
    }
  });
});
