import { readStudent, StudentFormatError } from 'retort-edge';
import { describe, expect, inject, it } from 'vitest';
import file from '../../../examples/worker/student.safetensors';
import { TEXTS } from '../../support/texts.ts';

const bytes = new Uint8Array(file);

describe('the committed student in workerd', () => {
  it('gives the same scores as in Node, bit for bit, from the imported relaxed SIMD module', () => {
    const student = readStudent(bytes);
    expect(student.info).toMatchObject({ backend: 'relaxed-simd', bytes: bytes.byteLength });
    expect(student.predict(TEXTS)).toEqual(inject('nodePredictions'));
  });

  it('gives the same scores from scalar kernels', () => {
    const student = readStudent(bytes, { kernels: 'scalar' });
    expect(student.info.backend).toBe('scalar');
    expect(student.predict(TEXTS)).toEqual(inject('nodePredictions'));
  });

  it('is refused with the rule that it breaks when its file was cut short', () => {
    expect(() => readStudent(bytes.subarray(0, -1))).toThrow(StudentFormatError);
  });
});
