import { describe, expect, it } from 'vitest';
import { inputOf } from '../../../bench/runtime/case.ts';
import { faultOf } from '../../../bench/runtime/check.ts';
import { retortOnIds } from '../../../bench/runtime/contestants/retort.ts';
import { checkedCase } from '../../../bench/runtime/reference.ts';
import { inlinedModules, readStudent } from '../../../src/runtime/index.ts';
import { convStudent, studentBytes } from '../../support/students.ts';

const VOCAB_SIZE = 25;
const one = { student: 'conv', seqLen: 16, batch: 6 } as const;
const input = inputOf(one, VOCAB_SIZE);

const student = await studentBytes(convStudent());
const float = await studentBytes(convStudent({ precision: 'float' }));
const checked = checkedCase(one, { student, float }, VOCAB_SIZE);

describe('retortOnIds', () => {
  it.each(['simd', 'scalar'] as const)('on %s answers as Student does for the text of these ids', async (backend) => {
    const text = 'you won a prize';
    const expected = readStudent(student);
    const ids = expected.tokenize(text).ids;
    const run = retortOnIds(inlinedModules, student, backend).prepare({ ids, batch: 1, seqLen: ids.length, texts: [] });
    expect(run()).toEqual(expected.logits(text));
  });
});

describe('faultOf', () => {
  const right = retortOnIds(inlinedModules, student, 'simd').prepare(input)() as Float32Array;
  const rightFloat = retortOnIds(inlinedModules, float, 'scalar').prepare(input)() as Float32Array;
  const off = (answers: Float32Array, by: number): Float32Array =>
    answers.map((value, i) => (i === 4 ? value + by : value));

  it('takes answers of Retort bit for bit alone', () => {
    expect(faultOf('retort-simd', checked, right)).toBeNull();
    expect(faultOf('retort-simd', checked, off(right, 1e-6))).toMatch(/^expected \S+ within 0 at 4, got/);
  });

  it('takes answers in F32 that are near the student in F32, and not those of another', () => {
    expect(faultOf('tfjs-wasm', checked, off(rightFloat, 1e-5))).toBeNull();
    expect(faultOf('tfjs-wasm', checked, off(rightFloat, 0.01))).toContain('at 4');
    expect(faultOf('onnxruntime-web-fp32', checked, right)).not.toBeNull();
  });

  it('takes answers in int8 within the noise of quantization, and neither others, nor too few, nor what is no number', () => {
    expect(faultOf('onnxruntime-web-int8', checked, off(right, 0.01))).toBeNull();
    expect(faultOf('onnxruntime-web-int8', checked, off(right, 10))).toContain('at 4');
    expect(faultOf('onnxruntime-web-int8', checked, off(right, Number.NaN))).toContain('at 4, got NaN');
    expect(faultOf('onnxruntime-web-int8', checked, right.slice(1))).toBe('expected 12 answers, got 11');
  });
});
