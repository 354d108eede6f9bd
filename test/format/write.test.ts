import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeStudent, parseStudent, StudentFormatError } from '../../src/format/index.ts';
import {
  convStudent,
  embedStudent,
  type StudentOptions,
  staticStudent,
  tagStudent,
  transformerStudent,
} from '../support/students.ts';

const options: fc.Arbitrary<StudentOptions> = fc.record({
  seed: fc.integer(),
  labels: fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 2, maxLength: 9 }),
  multiLabel: fc.boolean(),
  precision: fc.constantFrom('int8', 'int4', 'float'),
  hiddenSize: fc.constantFrom(4, 32),
  maxTokens: fc.integer({ min: 1, max: 512 }),
  maxCharacters: fc.integer({ min: 1, max: 100_000 }),
});

describe('encodeStudent', () => {
  it('gives back exactly what it was given (property, 200 random students)', async () => {
    await fc.assert(
      fc.asyncProperty(
        options,
        fc.constantFrom(staticStudent, convStudent, transformerStudent, tagStudent, embedStudent),
        async (given, build) => {
          const file = build(given);
          const parsed = parseStudent(await encodeStudent(file));
          expect(parsed.spec).toEqual(file.spec);
          expect(parsed.provenance).toEqual(file.provenance);
          expect(new Map([...parsed.tensors].sort())).toEqual(new Map([...file.tensors].sort()));
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  });

  it('writes the lowest version that has everything', async () => {
    const files = [staticStudent(), convStudent(), convStudent({ vocabulary: 'bpe' }), transformerStudent()];
    const int4 = staticStudent({ hiddenSize: 32, precision: 'int4' });
    for (const [i, file] of [...files, tagStudent(), embedStudent(), int4].entries()) {
      expect(new TextDecoder().decode(await encodeStudent(file))).toContain(
        `"format_version":"${[1, 1, 2, 3, 4, 4, 4][i]}"`,
      );
    }
  });

  it('writes the same bytes whatever the order of the tensors', async () => {
    const file = convStudent();
    const reversed = { ...file, tensors: new Map([...file.tensors].reverse()) };
    expect(await encodeStudent(reversed)).toEqual(await encodeStudent(file));
  });

  it('starts the data at a multiple of 64 bytes, every tensor at a multiple of 16, and states the SHA-256 of the data', async () => {
    const bytes = await encodeStudent(staticStudent());
    const parsed = parseStudent(bytes);
    expect(parsed.dataStart % 64).toBe(0);
    for (const [name, { data }] of parsed.tensors) {
      expect((data.byteOffset - parsed.dataStart) % 16, name).toBe(0);
    }
    expect(parsed.sha256).toBe(createHash('sha256').update(bytes.subarray(parsed.dataStart)).digest('hex'));
  });

  it('refuses to write what it would not read', async () => {
    const file = staticStudent();
    const broken = { ...file, spec: { ...file.spec, maxTokens: 0 } };
    await expect(encodeStudent(broken)).rejects.toBeInstanceOf(StudentFormatError);
  });
});
