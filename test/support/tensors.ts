/** Comparing what two backends of TensorFlow.js compute. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { createRandom } from '../../src/train/random.ts';

/** Runs `compute` on the cpu backend, the oracle, and goes back to the backend there was. */
export async function onCpu<T>(compute: () => T): Promise<T> {
  // Without it the cpu backend advertises the native one on its first use.
  tf.env().set('PROD', true);
  const before = tf.getBackend();
  await tf.setBackend('cpu');
  try {
    return compute();
  } finally {
    await tf.setBackend(before);
  }
}

/** Expects each number within `tolerance` of the other, relative to 1 or to its own size, whichever is more. */
export function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what = ''): void {
  expect(got.length, what).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(got[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
    if (!(error <= tolerance))
      expect.fail(`${what} at ${i}: expected ${expected[i]} within ${tolerance}, got ${got[i]}`);
  }
}

/** `size` numbers of a normal distribution, the same for the same seed. */
export function normals(seed: number, size: number, deviation = 1): Float32Array {
  return createRandom(seed).normals(size, deviation);
}

/**
 * Value of an operation of seeded inputs, and the gradient of each input where `dy` is seeded too.
 *
 * @param shapes of the inputs; input `i` is `normals(i, size)`
 */
export function valueAndGradients(
  op: (...inputs: tf.Tensor[]) => tf.Tensor,
  shapes: readonly (readonly number[])[],
): Float32Array[] {
  return tf.tidy(() => {
    const inputs = shapes.map((shape, i) => tf.tensor(normals(i, tf.util.sizeFromShape([...shape])), [...shape]));
    const value = op(...inputs);
    const dy = tf.tensor(normals(100, value.size), value.shape);
    const gradients = tf.grads(op)(inputs, dy);
    return [value, ...gradients].map((tensor) => tensor.dataSync<'float32'>());
  });
}
