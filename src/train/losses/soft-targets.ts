/**
 * Soft targets: T^2 KL(teacher || student) of the distributions at temperature T (Hinton, Vinyals & Dean 2015,
 * arXiv:1503.02531). T^2 keeps the gradient, T (p_student - p_teacher), of one size over T; as T grows it tends to the
 * difference of the centered logits over C. KL rather than soft cross-entropy: the same gradient, and 0 where the
 * student equals its teacher.
 */
import type { LossGradient, Matrix } from './loss.ts';
import { logSoftmaxRows, sigmoid, softplus } from './probabilities.ts';

/** T^2 KL over the classes, mean over rows. */
export function softTargets(student: Matrix, teacher: Matrix, temperature: number): LossGradient {
  const logP = logSoftmaxRows(teacher, temperature);
  const logQ = logSoftmaxRows(student, temperature);
  const gradient = new Float64Array(logP.length);
  let value = 0;
  for (let i = 0; i < logP.length; i++) {
    const p = Math.exp(logP[i]);
    value += (temperature ** 2 * p * (logP[i] - logQ[i])) / student.rows;
    gradient[i] = (temperature * (Math.exp(logQ[i]) - p)) / student.rows;
  }
  return { value, gradient };
}

/**
 * T^2 KL of one Bernoulli variable a label, p = sigmoid(z / T), mean over labels and rows: several labels a text do not
 * compete, so a softmax over them would teach the wrong thing.
 */
export function bernoulliSoftTargets(student: Matrix, teacher: Matrix, temperature: number): LossGradient {
  const count = student.data.length;
  const gradient = new Float64Array(count);
  let value = 0;
  for (let i = 0; i < count; i++) {
    const s = student.data[i] / temperature;
    const t = teacher.data[i] / temperature;
    const p = sigmoid(t);
    // KL = p (log p - log q) + (1 - p) (log(1 - p) - log(1 - q)) with log p = t - softplus(t), log(1 - p) = -softplus(t).
    value += (temperature ** 2 * (p * (t - s) + softplus(s) - softplus(t))) / count;
    gradient[i] = (temperature * (sigmoid(s) - p)) / count;
  }
  return { value, gradient };
}
