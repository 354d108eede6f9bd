import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/format/index.ts';
import { loadStudent, readStudent } from '../../src/runtime/node.ts';
import { dequantized } from '../support/float-tensors.ts';
import { predictionMemory, MIXED_TEXTS as TEXTS } from '../support/prediction-memory.ts';
import {
  convStudent,
  embedStudent,
  type StudentOptions,
  staticStudent,
  studentBytes,
  tagStudent,
  transformerStudent,
} from '../support/students.ts';

describe.each([
  ['static', staticStudent, 0.15],
  ['conv', convStudent, 0.15],
  ['transformer', transformerStudent, 0.15],
  [
    'static int4',
    (options: StudentOptions = {}) => staticStudent({ ...options, hiddenSize: 96, precision: 'int4' }),
    0.15,
  ],
  ['conv int4', (options: StudentOptions = {}) => convStudent({ ...options, hiddenSize: 32, precision: 'int4' }), 0.3],
] as const)('a %s student', (_name, build, tolerance) => {
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

  it(`quantized logits stay within ${tolerance} of the float student with the same weights`, async () => {
    const int8 = build({ seed: 3 });
    const tensors = dequantized(int8.tensors);
    const float = readStudent(await studentBytes({ ...int8, tensors }));
    expect(float.info).toMatchObject({ backend: 'scalar', backendReason: 'float weights' });
    const quantized = readStudent(await studentBytes(int8));
    for (const text of TEXTS) {
      const [a, b] = [float.logits(text), quantized.logits(text)];
      a.forEach((value, i) => {
        expect(Math.abs(value - b[i])).toBeLessThan(tolerance);
      });
    }
  });

  it('holds its memory still over 10,000 predictions of mixed length: buffers the same, the heap within 256 KB', async () => {
    const student = readStudent(await studentBytes(build()));
    const first = student.predict(TEXTS);
    const { heapBytes, bufferBytes } = predictionMemory((text) => student.classify(text), 10_000);
    expect(bufferBytes[1]).toBe(bufferBytes[0]);
    expect(heapBytes[1] - heapBytes[0]).toBeLessThan(256 * 1024);
    expect(student.predict(TEXTS)).toEqual(first);
  });
});

describe.each(['unigram', 'framedUnigram', 'wordpiece', 'bpe', 'rankedBpe'] as const)(
  'a student that tags, %s',
  (vocabulary) => {
    it('labels each word by the softmax of its first token, with its units of the text', async () => {
      const student = readStudent(await studentBytes(tagStudent({ vocabulary })));
      const text = ' you won\ta freeing\u3000日本 😀! ';
      const tags = student.tag(text);
      expect(tags.map(({ word }) => word)).toEqual(['you', 'won', 'a', 'freeing', '日本', '😀!']);
      const logits = student.logits(text);
      for (const [i, { word, start, end, label, score }] of tags.entries()) {
        expect(text.slice(start, end)).toBe(word);
        const own = logits.slice(3 * i, 3 * i + 3);
        const exponentials = own.map((logit) => Math.exp(logit - Math.max(...own)));
        expect(student.info.labels.indexOf(label)).toBe(own.indexOf(Math.max(...own)));
        expect(score).toBeCloseTo(1 / exponentials.reduce((a, b) => a + b), 5);
      }
    });

    it('gives the same bits from SIMD128 and scalar kernels, and from words that are joined by spaces', async () => {
      const bytes = await studentBytes(tagStudent({ vocabulary }));
      const [simd, scalar] = (['simd', 'scalar'] as const).map((kernels) => readStudent(bytes, { kernels }));
      for (const text of TEXTS) {
        expect(simd.logits(text)).toEqual(scalar.logits(text));
        const words = simd.tag(text);
        const again = simd.tag(words.map(({ word }) => word).join(' '));
        expect(again.map(({ label, score }) => [label, score])).toEqual(
          words.map(({ label, score }) => [label, score]),
        );
      }
    });

    it('leaves out the words behind its limits, and reads one that gives no ids as unknown', async () => {
      const student = readStudent(await studentBytes(tagStudent({ vocabulary, maxTokens: 8, maxCharacters: 40 })));
      const [few, far] = student.tag(['a '.repeat(20), `you${' '.repeat(60)}won`]);
      const special = student.tokenize('').ids.length;
      expect(few.length).toBe(Math.ceil((8 - special) / (student.tokenize('a').ids.length - special)));
      expect(far.map(({ word }) => word)).toEqual(['you']);
      expect(student.tag('\u0001 a').map(({ word }) => word)).toEqual(['\u0001', 'a']);
      expect(student.tag('')).toEqual([]);
    });
  },
);

describe('a student that tags or embeds', () => {
  it('holds its memory still over 20,000 predictions of mixed length: buffers the same, the heap within 256 KB', async () => {
    const tagger = readStudent(await studentBytes(tagStudent()));
    const embedder = readStudent(await studentBytes(embedStudent()));
    const predict = (text: string): void => {
      tagger.tag(text);
      embedder.embed(text);
    };
    const { heapBytes, bufferBytes } = predictionMemory(predict, 10_000);
    expect(bufferBytes[1]).toBe(bufferBytes[0]);
    expect(heapBytes[1] - heapBytes[0]).toBeLessThan(256 * 1024);
  });

  it('embeds to vectors of length 1 within 1e-6, the same bits from SIMD128 and scalar kernels', async () => {
    const bytes = await studentBytes(embedStudent({ hiddenSize: 24 }));
    const [simd, scalar] = (['simd', 'scalar'] as const).map((kernels) => readStudent(bytes, { kernels }));
    expect(simd.embed(TEXTS)).toEqual(scalar.embed(TEXTS));
    expect(Math.hypot(...simd.embed('you won'))).toBeCloseTo(1, 6);
  });

  it('embeds to the first values, of length 1 again', async () => {
    const student = readStudent(await studentBytes(embedStudent({ hiddenSize: 24 })));
    const raw = student.logits('free prize');
    const length = Math.hypot(...raw.slice(0, 5));
    const vector = student.embed('free prize', { size: 5 });
    expect(vector).toHaveLength(5);
    vector.forEach((value, i) => {
      expect(value).toBeCloseTo(raw[i] / length, 6);
    });
    expect(() => student.embed('free', { size: 25 })).toThrow('size: expected an integer from 1 to 24, got 25');
    expect(() => student.embed('free', { size: 0 })).toThrow(InputError);
  });

  it('refuses what another task asks, naming both', async () => {
    const tagger = readStudent(await studentBytes(tagStudent()));
    const embedder = readStudent(await studentBytes(embedStudent()));
    const classifier = readStudent(await studentBytes(staticStudent()));
    for (const [call, asked, made] of [
      [() => tagger.classify('a'), 'classify', 'tag'],
      [() => embedder.predict(['a']), 'classify', 'embed'],
      [() => embedder.classify('a'), 'classify', 'embed'],
      [() => classifier.tag('a'), 'tag', 'classify'],
      [() => tagger.embed(['a']), 'embed', 'tag'],
    ] as const) {
      expect(call).toThrow(`expected one to ${asked}, got one to ${made}; call ${made}()`);
    }
    expect(tagger.info).toMatchObject({ task: 'tag', labels: ['O', 'B-x', 'I-x'], multiLabel: false });
    expect(embedder.info).toMatchObject({ task: 'embed', labels: [], multiLabel: false });
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
    expect(() => student.classify('a', { topK: 0 })).toThrow(/^topK: expected an integer from 1 on, got 0$/);
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
    await expect(loadStudent(5 as never)).rejects.toThrow('source: expected a path, a URL or the bytes');
    expect(() => readStudent('x.safetensors' as never)).toThrow('bytes: expected a Uint8Array, got string');
    expect(() => readStudent(new DataView(new ArrayBuffer(8)) as never)).toThrow('expected a Uint8Array, got object');
  });
});
