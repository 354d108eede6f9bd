import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { useWasmBackend } from '../../support/wasm-backend.ts';

beforeAll(useWasmBackend);

const count = (size: number): Float32Array => Float32Array.from({ length: size }, (_, i) => i + 1);

/** The definition: output index -> input index, number by number. */
function permuted(x: Float32Array, shape: readonly number[], perm: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const outShape = perm.map((axis) => shape[axis]);
  return Float32Array.from(x, (_, flat) => {
    let rest = flat;
    let at = 0;
    for (let axis = perm.length - 1; axis >= 0; axis--) {
      at += (rest % outShape[axis]) * strides[perm[axis]];
      rest = Math.floor(rest / outShape[axis]);
    }
    return x[at];
  });
}

function transpose(x: Float32Array, shape: number[], perm: number[]): { shape: number[]; values: Float32Array } {
  return tf.tidy(() => {
    const out = tf.transpose(tf.tensor(x, shape), perm);
    return { shape: out.shape, values: out.dataSync<'float32'>() };
  });
}

describe('transpose', () => {
  it.each([
    [
      [1, 7],
      [1, 0],
    ],
    [
      [33, 31],
      [1, 0],
    ],
    [
      [70, 100],
      [1, 0],
    ],
    [
      [3, 33, 31],
      [0, 2, 1],
    ],
    [
      [5, 4, 3],
      [2, 1, 0],
    ],
    [
      [5, 4, 3],
      [1, 0, 2],
    ],
    [
      [8, 32, 4, 16],
      [0, 2, 1, 3],
    ],
    [
      [2, 5, 3, 4, 6],
      [2, 0, 3, 1, 4],
    ],
    [
      [2, 5, 3, 4, 6],
      [4, 3, 2, 1, 0],
    ],
    [
      [2, 1, 3, 1, 2, 5],
      [5, 3, 4, 1, 2, 0],
    ],
  ])('of %j by %j moves every number to its place', (shape, perm) => {
    const x = count(tf.util.sizeFromShape(shape));
    const out = transpose(x, shape, perm);
    expect(out.shape).toEqual(perm.map((axis) => shape[axis]));
    expect(out.values).toEqual(permuted(x, shape, perm));
  });

  it('does the same for any shape and permutation', () => {
    const cases = fc
      .array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 })
      .chain((shape) =>
        fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }).map((perm) => ({ shape, perm })),
      );
    fc.assert(
      fc.property(cases, ({ shape, perm }) => {
        const x = count(tf.util.sizeFromShape(shape));
        expect(transpose(x, shape, perm).values).toEqual(permuted(x, shape, perm));
      }),
    );
  });

  it('keeps int32 and bool what they are', () => {
    tf.tidy(() => {
      const integers = tf.transpose(tf.tensor2d([1, -2, 2147483647, 4], [2, 2], 'int32'));
      expect([integers.dtype, ...integers.dataSync()]).toEqual(['int32', 1, 2147483647, -2, 4]);
      const flags = tf.transpose(tf.tensor2d([true, false, false, false, true, true], [2, 3], 'bool'));
      expect([flags.dtype, ...flags.dataSync()]).toEqual(['bool', 1, 0, 0, 1, 0, 1]);
    });
  });

  it('of nothing but axes of size 1 shares the numbers and survives the disposal of its source', () => {
    const x = tf.tensor3d([1, 2, 3], [1, 3, 1]);
    const y = tf.transpose(x, [2, 0, 1]);
    x.dispose();
    expect([...y.dataSync()]).toEqual([1, 2, 3]);
    y.dispose();
  });
});

describe('unstack', () => {
  it.each([0, 1, 2, -1])('cuts [3, 4, 5] into parts along axis %i', (axis) => {
    const [shape, at] = [[3, 4, 5], (axis + 3) % 3];
    const perm = [at, ...[0, 1, 2].filter((other) => other !== at)];
    const whole = permuted(count(60), shape, perm);
    tf.tidy(() => {
      const parts = tf.unstack(tf.tensor(count(60), shape), axis);
      expect(parts.map((part) => part.shape)).toEqual(parts.map(() => shape.filter((_, other) => other !== at)));
      expect(parts.flatMap((part) => [...part.dataSync()])).toEqual([...whole]);
    });
  });
});
