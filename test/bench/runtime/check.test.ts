import { describe, expect, it } from 'vitest';
import { inputOf } from '../../../bench/runtime/case.ts';
import { AnswerCheck } from '../../../bench/runtime/check.ts';
import { retortOnIds } from '../../../bench/runtime/contestants/retort.ts';
import { inlinedModules, readStudent } from '../../../src/runtime/index.ts';
import { convStudent, studentBytes } from '../../support/students.ts';

const VOCAB_SIZE = 25;
const input = inputOf({ seqLen: 16, batch: 3 }, VOCAB_SIZE);

const student = await studentBytes(convStudent());
const float = await studentBytes(convStudent({ precision: 'float32' }));
const none = new Uint8Array();
const files = { student, float, onnxFloat: none, onnxInt8: none, onnxUint8: none, fastText: null };
const check = new AnswerCheck('conv', files);

describe('retortOnIds', () => {
  it.each(['simd', 'scalar'] as const)('on %s answers as Student does for the text of these ids', async (backend) => {
    const text = 'you won a prize';
    const expected = readStudent(student);
    const ids = expected.tokenize(text).ids;
    const run = retortOnIds(inlinedModules, student, backend).prepare({ ids, batch: 1, seqLen: ids.length, texts: [] });
    expect(run()).toEqual(expected.logits(text));
  });
});

describe('AnswerCheck', () => {
  const right = retortOnIds(inlinedModules, student, 'simd').prepare(input)() as Float32Array;
  const rightFloat = retortOnIds(inlinedModules, float, 'scalar').prepare(input)() as Float32Array;
  const off = (answers: Float32Array, by: number): Float32Array =>
    answers.map((value, i) => (i === 4 ? value + by : value));

  it('takes answers of Retort bit for bit alone', () => {
    expect(check.fault('retort-simd', input, right)).toBeNull();
    expect(check.fault('retort-simd', input, off(right, 1e-6))).toMatch(/^expected \S+ within 0 at 4, got/);
  });

  it('takes answers in F32 that are near the student in F32, and not those of another', () => {
    expect(check.fault('tfjs-wasm', input, off(rightFloat, 1e-5))).toBeNull();
    expect(check.fault('tfjs-wasm', input, off(rightFloat, 0.01))).toContain('at 4');
    expect(check.fault('onnxruntime-web-fp32', input, right)).not.toBeNull();
  });

  it('takes answers in int8 within the noise of quantization, and neither others, nor too few, nor what is no number', () => {
    expect(check.fault('onnxruntime-web-int8', input, off(right, 0.01))).toBeNull();
    expect(check.fault('onnxruntime-web-int8', input, off(right, 10))).toContain('at 4');
    expect(check.fault('onnxruntime-web-int8', input, off(right, Number.NaN))).toContain('at 4, got NaN');
    expect(check.fault('onnxruntime-web-int8', input, right.slice(1))).toBe('expected 6 answers, got 5');
  });
});
