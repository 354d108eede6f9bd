/**
 * Soft-label MSE: squared difference of the probabilities at temperature 1, summed over classes, mean over rows.
 * Bounded, so a teacher that is confidently wrong on a row pulls less than it does through KL.
 */
import type { LossGradient, Matrix } from './loss.ts';
import { logSoftmaxRows, sigmoid } from './probabilities.ts';

/** Squared difference of the softmax distributions. */
export function softLabelMse(student: Matrix, teacher: Matrix): LossGradient {
  const { rows, columns } = student;
  const q = logSoftmaxRows(student).map(Math.exp);
  const p = logSoftmaxRows(teacher).map(Math.exp);
  const gradient = new Float64Array(q.length);
  let value = 0;
  for (let start = 0; start < q.length; start += columns) {
    let projection = 0;
    for (let i = start; i < start + columns; i++) {
      value += (q[i] - p[i]) ** 2 / rows;
      projection += q[i] * (q[i] - p[i]);
    }
    // Through the softmax: dq_j/dz_i = q_i (1[i = j] - q_j).
    for (let i = start; i < start + columns; i++) gradient[i] = (2 * q[i] * (q[i] - p[i] - projection)) / rows;
  }
  return { value, gradient };
}

/** Squared difference of the sigmoids, for several labels a text. */
export function bernoulliSoftLabelMse(student: Matrix, teacher: Matrix): LossGradient {
  const gradient = new Float64Array(student.data.length);
  let value = 0;
  for (let i = 0; i < gradient.length; i++) {
    const q = sigmoid(student.data[i]);
    const difference = q - sigmoid(teacher.data[i]);
    value += difference ** 2 / student.rows;
    gradient[i] = (2 * difference * q * (1 - q)) / student.rows;
  }
  return { value, gradient };
}
