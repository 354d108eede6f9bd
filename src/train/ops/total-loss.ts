/** The total loss as the last operation of a tape: its values and gradients come from `losses`, in plain numbers. */
import * as tf from '@tensorflow/tfjs-core';
import type { Matrix } from '../losses/loss.ts';
import type { TotalLoss } from '../losses/total-loss.ts';

/** Backends that give numbers away only when one waits for them, which nothing within a tape can. */
const READ_LATER: ReadonlySet<string> = new Set(['webgpu']);

/** Whether {@link totalLoss} may read its inputs on the current backend. */
export function readsAtOnce(): boolean {
  return !READ_LATER.has(tf.getBackend());
}

function matrix({ shape: [rows, columns] }: tf.Tensor2D, data: Float32Array): Matrix {
  return { rows, columns, data };
}

/** The numbers of a tensor; only where {@link readsAtOnce}. */
export function matrixOf(tensor: tf.Tensor2D): Matrix {
  return matrix(tensor, tensor.dataSync<'float32'>());
}

/** The numbers of tensors that `compute` makes, on any backend; nothing is left behind. */
export async function matricesOf(compute: () => tf.Tensor2D[]): Promise<readonly Matrix[]> {
  const tensors = tf.tidy(compute);
  try {
    return await Promise.all(tensors.map(async (tensor) => matrix(tensor, await tensor.data<'float32'>())));
  } finally {
    tf.dispose(tensors);
  }
}

/**
 * @param outputs logits `[batch, labels]`, then what each feature term projects, `[batch, teacherFeatureSize]`
 * @param compute the losses of these outputs and their gradients; does not read them where it knows them already
 * @returns the total, a scalar
 */
export function totalLoss(
  outputs: readonly tf.Tensor2D[],
  compute: (outputs: readonly tf.Tensor2D[]) => TotalLoss,
): tf.Scalar {
  const op = tf.customGrad((...inputs) => {
    const traced = inputs.slice(0, outputs.length) as tf.Tensor2D[];
    const { total, logitsGradient, projectedGradients } = compute(traced);
    const gradients = [logitsGradient, ...projectedGradients];
    return {
      value: tf.scalar(total),
      gradFunc: () => gradients.map((values, i) => tf.tensor2d(Float32Array.from(values), outputs[i].shape)),
    };
  });
  return op(...outputs) as tf.Scalar;
}
