/** Direction of the features: 1 - cos(student, teacher), half the squared distance once both have length 1. */
import type { LossGradient, Matrix } from './loss.ts';

/** `1 - cos`, mean over rows; a row where either vector is 0 has no direction: it counts 1 and has no gradient. */
export function featureCosine(student: Matrix, teacher: Matrix): LossGradient {
  const { rows, columns } = student;
  const gradient = new Float64Array(student.data.length);
  let value = 0;
  for (let start = 0; start < gradient.length; start += columns) {
    let dot = 0;
    let studentSquare = 0;
    let teacherSquare = 0;
    for (let i = start; i < start + columns; i++) {
      dot += student.data[i] * teacher.data[i];
      studentSquare += student.data[i] ** 2;
      teacherSquare += teacher.data[i] ** 2;
    }
    const norms = Math.sqrt(studentSquare * teacherSquare);
    if (norms === 0) {
      value += 1 / rows;
      continue;
    }
    value += (1 - dot / norms) / rows;
    for (let i = start; i < start + columns; i++) {
      gradient[i] = ((student.data[i] * dot) / studentSquare - teacher.data[i]) / norms / rows;
    }
  }
  return { value, gradient };
}
