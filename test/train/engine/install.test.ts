import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { installEngine } from '../../../src/train/engine/install.ts';
import { attention } from '../../../src/train/ops/attention.ts';
import { activate } from '../../../src/train/ops/elementwise.ts';
import { layerNorm } from '../../../src/train/ops/layer-norm.ts';
import { linear } from '../../../src/train/ops/linear.ts';
import { normals } from '../../support/tensors.ts';
import { useWasmBackend } from '../../support/wasm-backend.ts';

beforeAll(useWasmBackend);

/** Bytes of the linear memory of the wasm backend. */
function memoryBytes(): number {
  const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
  return wasm.HEAPU8.buffer.byteLength;
}

describe('the engine', () => {
  it('installs once: a second time changes no kernel', () => {
    const before = ['BatchMatMul', 'RetortAttention'].map((name) => tf.getKernel(name, 'wasm'));
    installEngine();
    expect(['BatchMatMul', 'RetortAttention'].map((name) => tf.getKernel(name, 'wasm'))).toEqual(before);
    expect(tf.tidy(() => [...tf.matMul([[1, 2]], [[3], [4]]).dataSync()])).toEqual([11]);
  });

  it('leaves what it does not cover to the kernel that was there', () => {
    tf.tidy(() => {
      const [a, b] = [tf.tensor2d([[1, -2]]), tf.tensor2d([[3], [4]])];
      expect([...tf.fused.matMul({ a, b, activation: 'relu' }).dataSync()]).toEqual([0]);
      expect(tf.matMul(tf.zeros([0, 2]), b).shape).toEqual([0, 1]);
      expect([...tf.unstack(tf.tensor2d([true, false], [1, 2], 'bool'), 1)[0].dataSync()]).toEqual([1]);
    });
  });

  it('clones without a copy, and a clone outlives what it came from', () => {
    const x = tf.tensor1d([1, 2]);
    const clone = tf.clone(x);
    expect(clone.dataId).toBe(x.dataId);
    x.dispose();
    expect([...clone.dataSync()]).toEqual([1, 2]);
    clone.dispose();
    expect([...tf.tidy(() => tf.clone(tf.tensor1d(['a'], 'string'))).dataSync()]).toEqual(['a']);
  });

  it('computes after the memory has grown', () => {
    const before = memoryBytes();
    const large = tf.zeros([before / 4]);
    expect(memoryBytes()).toBeGreaterThan(before);
    expect(tf.tidy(() => [...tf.transpose(tf.tensor2d([1, 2, 3, 4], [2, 2])).dataSync()])).toEqual([1, 3, 2, 4]);
    large.dispose();
  });

  it('keeps memory flat over 300 steps of changing lengths', () => {
    const weight = tf.variable(tf.tensor2d(normals(1, 24 * 8), [24, 8]));
    const [bias, one, zero] = [tf.zeros([24]), tf.ones([8]), tf.zeros([8])] as tf.Tensor1D[];
    const step = (length: number): void =>
      tf.tidy(() => {
        const forward = (w: tf.Tensor): tf.Tensor => {
          const x = tf.tensor2d(normals(length, length * 8), [length, 8]);
          const y = attention(linear(x, w as tf.Tensor2D, bias), 2, Int32Array.of(0, 1, length));
          return activate(layerNorm(y, one, zero, 1e-5), 'gelu');
        };
        weight.assign(tf.sub(weight, tf.mul(tf.grad(forward)(weight, tf.ones([length, 8])), 1e-3)));
      });
    for (let length = 2; length < 40; length++) step(length);
    const [tensors, bytes] = [tf.memory().numTensors, memoryBytes()];
    for (let i = 0; i < 300; i++) step(2 + (i % 38));
    expect([tf.memory().numTensors, memoryBytes()]).toEqual([tensors, bytes]);
    tf.dispose([weight, bias, one, zero]);
  });
});
