import { describe, expect, it } from 'vitest';
import type { Predictor, PredictorInfo } from '../../src/runtime/index.ts';
import { modelIds } from '../../src/worker/model-ids.ts';

function predictor(role: PredictorInfo['role'], name: string): Predictor {
  const info = { role, name, task: 'classify', labels: [], multiLabel: false, bytes: null, backend: '', metrics: {} };
  return { info: info as PredictorInfo, predict: () => [] };
}

describe('modelIds', () => {
  it('calls a student by its name and a teacher `teacher`', () => {
    const predictors = [predictor('student', 'static'), predictor('teacher', 'Universal Sentence Encoder lite')];
    expect(modelIds(predictors)).toEqual(['static', 'teacher']);
  });

  it('numbers a teacher where `teacher` is taken, also by a student behind it', () => {
    const teacher = predictor('teacher', 'teacher');
    const students = ['teacher', 'teacher-3'].map((name) => predictor('student', name));
    expect(modelIds([teacher, ...students, teacher])).toEqual(['teacher-2', 'teacher', 'teacher-3', 'teacher-4']);
  });

  it('throws where two students share a name', () => {
    const student = predictor('student', 'static');
    expect(() => modelIds([student, student])).toThrow('predictors: expected unique names, got "static" twice');
  });
});
