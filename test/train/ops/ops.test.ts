/** Every differentiable operation with a kernel of the engine, value and gradients, against the cpu backend. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { depthwiseConv } from '../../../src/train/ops/depthwise-conv.ts';
import { activate, exponential, multiplyByConstant } from '../../../src/train/ops/elementwise.ts';
import { gatherRows } from '../../../src/train/ops/gather-rows.ts';
import { layerNorm } from '../../../src/train/ops/layer-norm.ts';
import { linear } from '../../../src/train/ops/linear.ts';
import { queryWeights } from '../../../src/train/ops/query-weights.ts';
import { sequenceMax } from '../../../src/train/ops/sequence-max.ts';
import { weightedMean } from '../../../src/train/ops/weighted-mean.ts';
import { createTokenBatch, PADDING_ID } from '../../../src/train/token-batch.ts';
import { expectClose, normals, onCpu, valueAndGradients } from '../../support/tensors.ts';
import { useWasmBackend } from '../../support/wasm-backend.ts';

beforeAll(useWasmBackend);

const SIZES = [1, 3, 4, 5, 31, 33];

/** Ids below 4: a text of one token, an empty one, one that repeats an id, a longer one. */
const TEXTS = createTokenBatch([[3], [], [1, 1, 2], [0, 3, 2, 1, 0, 3, 3]].map((ids) => Int32Array.from(ids)));
const POSITIONS = TEXTS.batch * TEXTS.length;

/** Expects the same value and gradients on wasm and on cpu. */
async function expectSameAsCpu(
  what: string,
  op: (...inputs: tf.Tensor[]) => tf.Tensor,
  shapes: readonly (readonly number[])[],
  tolerance: number,
): Promise<void> {
  const wasm = valueAndGradients(op, shapes);
  const cpu = await onCpu(() => valueAndGradients(op, shapes));
  for (const [i, expected] of cpu.entries()) {
    expectClose(wasm[i], expected, tolerance, `${what}, ${i === 0 ? 'value' : `gradient ${i - 1}`}`);
  }
}

describe('operations on the engine', () => {
  it('linear: value and gradients within 1e-5 of the cpu backend', async () => {
    for (const rows of SIZES) {
      for (const [inputs, outputs] of [
        [1, 1],
        [3, 33],
        [5, 4],
        [31, 8],
        [33, 31],
      ]) {
        const op = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor =>
          linear(x as tf.Tensor2D, w as tf.Tensor2D, b as tf.Tensor1D);
        await expectSameAsCpu(`${rows}x${inputs}x${outputs}`, op, [[rows, inputs], [outputs, inputs], [outputs]], 1e-5);
      }
    }
  });

  it('layerNorm: value and gradients within 1e-4 of the cpu backend', async () => {
    for (const rows of SIZES) {
      for (const width of [3, 4, 5, 31, 33, 128]) {
        const op = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor =>
          layerNorm(x as tf.Tensor2D, w as tf.Tensor1D, b as tf.Tensor1D, 1e-5);
        await expectSameAsCpu(`${rows}x${width}`, op, [[rows, width], [width], [width]], 1e-4);
      }
    }
  });

  it.each(['relu', 'gelu', 'silu'] as const)(
    '%s: value and gradient within 2e-6 of the cpu backend',
    async (activation) => {
      for (const size of SIZES) await expectSameAsCpu(`${size}`, (x) => activate(x, activation), [[size, 3]], 2e-6);
    },
  );

  it.each(['relu', 'gelu', 'silu'] as const)('%s of far numbers is finite, and NaN stays NaN', (activation) => {
    const [value] = tf.tidy(() => [activate(tf.tensor1d([-200, 200, -1e30, 1e30, Number.NaN]), activation).dataSync()]);
    expect(Math.abs(value[0])).toBeLessThan(1e-30);
    expect([...value.slice(1, 5)]).toEqual([200, expect.any(Number), Math.fround(1e30), Number.NaN]);
    expect(Math.abs(value[2])).toBeLessThan(1e-6);
  });

  it('gatherRows: rows by id, zeros for padding; the gradient adds up what an id was read for', async () => {
    const ids = Int32Array.of(2, 0, -1, 2, 2, 1, -1);
    for (const width of SIZES) {
      await expectSameAsCpu(`${width}`, (table) => gatherRows(table as tf.Tensor2D, ids), [[4, width]], 1e-6);
    }
    const [rows] = valueAndGradients((table) => gatherRows(table as tf.Tensor2D, ids), [[4, 3]]);
    expect([...rows.slice(6, 9)]).toEqual([0, 0, 0]);
    expect(rows.slice(0, 3)).toEqual(rows.slice(9, 12));
    expect(rows.slice(3, 6)).toEqual(normals(0, 12).slice(0, 3));
  });

  it.each(['id', 'position'] as const)(
    'weightedMean of rows by %s: value and gradients within 1e-5 of the cpu backend, zeros for an empty text',
    async (rowsBy) => {
      const op = (rows: tf.Tensor, weights: tf.Tensor): tf.Tensor =>
        weightedMean(rows as tf.Tensor2D, exponential(weights as tf.Tensor1D), TEXTS, rowsBy);
      for (const width of SIZES) {
        const shapes = [[rowsBy === 'id' ? 4 : POSITIONS, width], [4]];
        await expectSameAsCpu(`${width}`, op, shapes, 1e-5);
        expect([...valueAndGradients(op, shapes)[0].slice(width, 2 * width)]).toEqual(Array(width).fill(0));
      }
    },
  );

  it('sequenceMax: value and gradient of the cpu backend, to the bit', async () => {
    for (const width of SIZES) {
      await expectSameAsCpu(`${width}`, (x) => sequenceMax(x as tf.Tensor2D, TEXTS), [[POSITIONS, width]], 0);
    }
  });

  it('sequenceMax sends the gradient to the first of equal values', async () => {
    const first = (): number[] =>
      tf.tidy(() => {
        const op = (x: tf.Tensor): tf.Tensor => sequenceMax(x as tf.Tensor2D, TEXTS);
        const [dx] = tf.grads(op)([tf.ones([POSITIONS, 1])], tf.ones([TEXTS.batch, 1]));
        return [...dx.dataSync()].flatMap((gradient, position) => (gradient === 0 ? [] : [position]));
      });
    const texts = [0, 2, 3].map((text) => text * TEXTS.length);
    expect(first()).toEqual(texts);
    expect(await onCpu(first)).toEqual(texts);
  });

  it('queryWeights before weightedMean: value and gradients within 1e-5 of the cpu backend, also behind a huge row', async () => {
    const places = { ...TEXTS, ids: TEXTS.ids.map((id, place) => (id === PADDING_ID ? PADDING_ID : place)) };
    for (const width of SIZES) {
      // Rows behind the end of a text must not reach it, whatever they hold.
      const huge = Float32Array.from({ length: POSITIONS * width }, (_, i) =>
        TEXTS.ids[Math.floor(i / width)] === PADDING_ID ? 1e18 : 1,
      );
      const pool = (x: tf.Tensor, query: tf.Tensor): tf.Tensor => {
        const rows = multiplyByConstant(x as tf.Tensor2D, huge);
        return weightedMean(rows, queryWeights(rows, query as tf.Tensor1D, TEXTS), places, 'position');
      };
      await expectSameAsCpu(`width ${width}`, pool, [[POSITIONS, width], [width]], 1e-5);
    }
  });

  it('depthwiseConv: value and gradients within 1e-5 of the cpu backend, texts shorter than the kernel too', async () => {
    const op = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor =>
      depthwiseConv(x as tf.Tensor2D, w as tf.Tensor2D, b as tf.Tensor1D, TEXTS);
    for (const channels of SIZES) {
      for (const taps of [1, 3, 9]) {
        const shapes = [[POSITIONS, channels], [channels, taps], [channels]];
        await expectSameAsCpu(`${channels}x${taps}`, op, shapes, 1e-5);
      }
    }
  });

  it('softmax over the last axis is within 1e-6 of the cpu backend, also of large numbers', async () => {
    for (const width of [...SIZES, 200]) {
      const logits = normals(width, 7 * width, 30);
      const softmax = (): Float32Array =>
        tf.tidy(() => tf.softmax(tf.tensor2d(logits, [7, width])).dataSync<'float32'>());
      const wasm = softmax();
      expectClose(wasm, await onCpu(softmax), 1e-6, `${width}`);
    }
  });

  it('a row of linear, layerNorm and softmax has the same bits alone and among others', () => {
    const [rows, width] = [9, 33];
    const x = normals(1, rows * width);
    const run = (op: (x: tf.Tensor2D) => tf.Tensor, from: number, to: number): Float32Array =>
      tf.tidy(() => op(tf.tensor2d(x.slice(from * width, to * width), [to - from, width])).dataSync<'float32'>());
    tf.tidy(() => {
      const weight = tf.tensor2d(normals(2, 31 * width), [31, width]);
      const row = tf.tensor1d(normals(3, width));
      const ops: ((x: tf.Tensor2D) => tf.Tensor)[] = [
        (a) => linear(a, weight, tf.tensor1d(normals(4, 31))),
        (a) => layerNorm(a, row, row, 1e-5),
        (a) => tf.softmax(a),
      ];
      for (const op of ops) {
        const whole = run(op, 0, rows);
        const columns = whole.length / rows;
        for (let i = 0; i < rows; i++) {
          expect(run(op, i, i + 1)).toEqual(whole.slice(i * columns, (i + 1) * columns));
        }
      }
    });
  });
});
