/** The total loss as the last operation of a tape: its values and gradients come from `losses`, in plain numbers. */
import * as tf from '@tensorflow/tfjs-core';
import type { Matrix } from '../losses/loss.ts';
import type { LossBatch, LossTerms, LossWeights, TotalLoss } from '../losses/total-loss.ts';
import { totalLoss as compute } from '../losses/total-loss.ts';

/** What a batch should say; the student's part comes from the tape. */
export type LossTargets = Omit<LossBatch, 'logits' | 'projected'>;

function matrixOf(tensor: tf.Tensor2D): Matrix {
  const [rows, columns] = tensor.shape;
  return { rows, columns, data: tensor.dataSync<'float32'>() };
}

/**
 * @param logits `[batch, labels]`
 * @param projected `[batch, teacherFeatureSize]` for each feature term
 * @param onLoss gets the value of every term
 * @returns the total, a scalar
 */
export function totalLoss(
  logits: tf.Tensor2D,
  projected: readonly tf.Tensor2D[],
  terms: LossTerms,
  weights: LossWeights,
  targets: LossTargets,
  onLoss: (loss: TotalLoss) => void,
): tf.Scalar {
  const op = tf.customGrad((...inputs) => {
    const [z, ...features] = inputs.slice(0, 1 + projected.length) as tf.Tensor2D[];
    const loss = compute(terms, weights, { ...targets, logits: matrixOf(z), projected: features.map(matrixOf) });
    onLoss(loss);
    const gradient = (values: Float64Array, of: tf.Tensor2D): tf.Tensor2D =>
      tf.tensor2d(Float32Array.from(values), of.shape);
    return {
      value: tf.scalar(loss.total),
      gradFunc: () => [
        gradient(loss.logitsGradient, z),
        ...features.map((feature, i) => gradient(loss.projectedGradients[i], feature)),
      ],
    };
  });
  return op(logits, ...projected) as tf.Scalar;
}
