import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/format/index.ts';
import { loadStudent, readStudent } from '../../src/runtime/node.ts';
import { dequantized } from '../support/float-tensors.ts';
import { liveBytes } from '../support/garbage.ts';
import { convStudent, staticStudent, studentBytes, transformerStudent } from '../support/students.ts';

const TEXTS = ['', 'a', 'you won a prize!', 'meet at noon 日本 😀 é', 'free '.repeat(300), '\ud800 lone', '\u0000'];

describe.each([
  ['static', staticStudent],
  ['conv', convStudent],
  ['transformer', transformerStudent],
] as const)('a %s student', (_name, build) => {
  it.each([1, 2, 3, 4, 5])('gives the same bits from SIMD128 and scalar kernels, seed %i', async (seed) => {
    const bytes = await studentBytes(build({ seed, labels: ['a', 'b', 'c', 'd', 'e'] }));
    const simd = readStudent(bytes, { kernels: 'simd' });
    const scalar = readStudent(bytes, { kernels: 'scalar' });
    expect([simd.info.backend, scalar.info.backend]).toEqual(['simd', 'scalar']);
    for (const text of TEXTS) expect(simd.logits(text)).toEqual(scalar.logits(text));
    expect(simd.predict(TEXTS)).toEqual(scalar.predict(TEXTS));
  });

  it('gives finite scores that add up to 1 within 1e-6, best first', async () => {
    const student = readStudent(await studentBytes(build()));
    for (const { labels } of student.predict(TEXTS)) {
      expect(labels[0].score + labels[1].score).toBeCloseTo(1, 6);
      expect(labels[0].score).toBeGreaterThanOrEqual(labels[1].score);
    }
  });

  it('int8 logits stay within 0.15 of the float student with the same weights', async () => {
    const int8 = build({ seed: 3 });
    const tensors = dequantized(int8.tensors);
    const float = readStudent(await studentBytes({ ...int8, tensors }));
    expect(float.info).toMatchObject({ backend: 'scalar', backendReason: 'float weights' });
    const quantized = readStudent(await studentBytes(int8));
    for (const text of TEXTS) {
      const [a, b] = [float.logits(text), quantized.logits(text)];
      a.forEach((value, i) => {
        expect(Math.abs(value - b[i])).toBeLessThan(0.15);
      });
    }
  });

  it('holds its memory still over 20,000 predictions of mixed length: buffers the same, the heap within 256 KB', async () => {
    const student = readStudent(await studentBytes(build()));
    const first = student.predict(TEXTS);
    for (let i = 0; i < 2000; i++) student.classify(TEXTS[i % TEXTS.length]);
    const before = liveBytes();
    for (let i = 0; i < 20_000; i++) student.classify(TEXTS[i % TEXTS.length]);
    const after = liveBytes();
    expect(after.buffers).toBe(before.buffers);
    expect(after.heap - before.heap).toBeLessThan(256 * 1024);
    expect(student.predict(TEXTS)).toEqual(first);
  });
});

describe('Student', () => {
  it('classifies one text to a list and many texts to a list each', async () => {
    const student = await loadStudent(await studentBytes(staticStudent()));
    expect(student.info.verified).toBe(true);
    expect(student.classify('a')).toHaveLength(2);
    expect(student.classify(['a', 'b', 'c'], { topK: 1 }).map((labels) => labels.length)).toEqual([1, 1, 1]);
    expect(student.classify([])).toEqual([]);
  });

  it('scores labels of a multi-label task each on its own', async () => {
    const student = readStudent(await studentBytes(staticStudent({ multiLabel: true, labels: ['x', 'y', 'z'] })));
    const logits = student.logits('free prize');
    for (const { label, score } of student.classify('free prize')) {
      expect(score).toBeCloseTo(1 / (1 + Math.exp(-logits[['x', 'y', 'z'].indexOf(label)])), 6);
    }
  });

  it('reports truncation by characters and by tokens', async () => {
    const student = readStudent(await studentBytes(convStudent({ maxTokens: 8, maxCharacters: 40 })));
    const [short, tokens, characters] = student.predict(['you won', 'e!e!e!e!e!', `you${' '.repeat(60)}won`]);
    expect(short).toMatchObject({ truncated: false, tokens: 2 });
    expect(tokens).toMatchObject({ truncated: true, tokens: 8 });
    expect(characters).toMatchObject({ truncated: true, tokens: 1 });
  });

  it('reads a text of 1 MB as its first maxCharacters', async () => {
    const student = readStudent(await studentBytes(staticStudent()));
    const long = 'prize '.repeat(175_000);
    expect(student.logits(long)).toEqual(student.logits(long.slice(0, 200)));
  });

  it('refuses what is not text, naming the place', async () => {
    const student = readStudent(await studentBytes(staticStudent()));
    expect(() => student.classify(['a', 3 as unknown as string])).toThrow('inputs[1]: expected a string, got number');
    expect(() => student.classify(null as unknown as string)).toThrow('input: expected a string, got null');
    expect(() => student.classify('a', { topK: 0 })).toThrow(InputError);
  });

  it('throws a typed error after dispose()', async () => {
    const student = readStudent(await studentBytes(staticStudent()));
    student.dispose();
    expect(() => student.classify('a')).toThrow(InputError);
  });
});

describe('loadStudent', () => {
  it('refuses a file whose data was changed', async () => {
    const bytes = (await studentBytes(staticStudent())).slice();
    bytes[bytes.length - 40] ^= 1;
    await expect(loadStudent(bytes)).rejects.toMatchObject({ code: 'integrity_mismatch' });
    expect(readStudent(bytes).info.verified).toBe(false);
  });

  it('checks the whole file against integrity', async () => {
    const bytes = await studentBytes(staticStudent());
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', bytes as BufferSource)).toString('base64');
    await expect(loadStudent(bytes, { integrity: `sha256-${digest}` })).resolves.toBeDefined();
    await expect(loadStudent(bytes, { integrity: 'sha256-AAAA' })).rejects.toMatchObject({
      code: 'integrity_mismatch',
    });
  });

  it('names the path that it cannot read', async () => {
    await expect(loadStudent('/nowhere/x.safetensors')).rejects.toMatchObject({ code: 'file_unreadable' });
  });
});
