import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { decayMask, joinTensors, layOut, splitArray, splitTensor } from '../../src/train/parameter-vector.ts';
import { useWasmBackend } from '../support/wasm-backend.ts';

const layout = layOut([
  { name: 'matrix', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
  { name: 'bias', shape: [2], values: Float32Array.of(7, 8) },
  { name: 'single', shape: [1, 1], values: Float32Array.of(9) },
]);
const vector = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);

describe('layOut', () => {
  it('puts tensors one after the other', () => {
    expect(layout).toEqual({
      names: ['matrix', 'bias', 'single'],
      shapes: [[2, 3], [2], [1, 1]],
      sizes: [6, 2, 1],
      size: 9,
    });
  });
});

describe('splitArray', () => {
  it('gives each tensor its part by name, as a view', () => {
    const copy = vector.slice();
    const parts = splitArray(layout, copy);
    expect([...parts]).toEqual([
      ['matrix', Float32Array.of(1, 2, 3, 4, 5, 6)],
      ['bias', Float32Array.of(7, 8)],
      ['single', Float32Array.of(9)],
    ]);
    copy[6] = -1;
    expect(parts.get('bias')![0]).toBe(-1);
  });
});

describe('splitTensor and joinTensors', () => {
  beforeAll(useWasmBackend);

  it('undo each other, with the shapes of the layout', () => {
    tf.tidy(() => {
      const parts = splitTensor(layout, tf.tensor1d(vector));
      expect(parts.map(({ shape }) => shape)).toEqual(layout.shapes);
      expect(joinTensors(parts).dataSync()).toEqual(vector);
    });
  });
});

describe('decayMask', () => {
  it('is 1 for the elements of matrices and 0 for those of vectors', () => {
    expect(decayMask(layout)).toEqual(Float32Array.of(1, 1, 1, 1, 1, 1, 0, 0, 1));
  });
});
