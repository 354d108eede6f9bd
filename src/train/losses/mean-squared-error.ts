/**
 * Mean squared difference of two matrices: of logits (Ba & Caruana 2014, arXiv:1312.6184), which is where soft targets
 * tend as T grows, without their centering; or of features (FitNets, Romero et al. 2014, arXiv:1412.6550).
 */
import type { LossGradient, Matrix } from './loss.ts';

/** `(student - teacher)^2`, mean over columns and rows. */
export function meanSquaredError(student: Matrix, teacher: Matrix): LossGradient {
  const count = student.data.length;
  const gradient = new Float64Array(count);
  let value = 0;
  for (let i = 0; i < count; i++) {
    const difference = student.data[i] - teacher.data[i];
    value += difference ** 2 / count;
    gradient[i] = (2 * difference) / count;
  }
  return { value, gradient };
}
