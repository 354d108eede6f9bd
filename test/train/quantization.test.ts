import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TextStudentSpec } from '../../src/format/index.ts';
import { InputError } from '../../src/format/index.ts';
import { readStudent } from '../../src/runtime/index.ts';
import { exportStudent } from '../../src/train/export-student.ts';
import { quantizeGroups, quantizeRows, weightTensors } from '../../src/train/quantization.ts';
import { createRandom } from '../../src/train/random.ts';

const weights = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 9 })).chain(([rows, columns]) =>
  fc.record({
    rows: fc.constant(rows),
    values: fc.float32Array({ minLength: rows * columns, maxLength: rows * columns, noNaN: true, min: -1e6, max: 1e6 }),
  }),
);

describe('quantizeRows', () => {
  it('stays within half a scale of every weight, plus rounding of f32', () => {
    fc.assert(
      fc.property(weights, ({ rows, values }) => {
        const { values: quantized, scales } = quantizeRows(values, rows);
        const columns = values.length / rows;
        for (const [i, value] of values.entries()) {
          const scale = scales[Math.floor(i / columns)];
          expect(Math.abs(value - scale * quantized[i])).toBeLessThanOrEqual(scale * 0.5001);
        }
      }),
    );
  });

  it('uses -127 to 127, and reaches the end of the range in every row that is not zero', () => {
    fc.assert(
      fc.property(weights, ({ rows, values }) => {
        const { values: quantized } = quantizeRows(values, rows);
        const columns = values.length / rows;
        for (let row = 0; row < rows; row++) {
          const largest = Math.max(...quantized.slice(row * columns, (row + 1) * columns).map(Math.abs));
          const source = Math.max(...values.slice(row * columns, (row + 1) * columns).map(Math.abs));
          // Below the smallest normal number times 127 a scale cannot shrink any more.
          if (source > 127 * 2 ** -126) expect(largest).toBe(127);
          expect(largest).toBeLessThanOrEqual(127);
        }
      }),
    );
  });

  it('gives a row of zeros the scale 1', () => {
    const { values, scales } = quantizeRows(Float32Array.of(0, -0, 0, 2, -1, 1), 2);
    expect([...scales]).toEqual([1, Math.fround(2 / 127)]);
    expect([...values]).toEqual([0, 0, 0, 127, -64, 64]);
  });

  it('rounds half to even', () => {
    // 127 makes the scale 1.
    const { values } = quantizeRows(Float32Array.of(127, 0.5, 1.5, 2.5, -0.5, -1.5, 3.4, -3.6), 1);
    expect([...values]).toEqual([127, 0, 2, 2, 0, -2, 3, -4]);
  });
});

const groups = fc
  .integer({ min: 1, max: 4 })
  .chain((count) =>
    fc.float32Array({ minLength: 32 * count, maxLength: 32 * count, noNaN: true, min: -1e5, max: 1e5 }),
  );

describe('quantizeGroups', () => {
  it('stays within half a scale of every weight, plus rounding of the scale to F16', () => {
    fc.assert(
      fc.property(groups, (values) => {
        const { values: quantized, scales } = quantizeGroups(values);
        for (const [i, value] of values.entries()) {
          const scale = scales[Math.floor(i / 32)];
          expect(Math.abs(value - scale * quantized[i])).toBeLessThanOrEqual(scale * 0.5001);
        }
      }),
    );
  });

  it('uses -7 to 7, and reaches the end of the range in every group that is not as good as zero', () => {
    fc.assert(
      fc.property(groups, (values) => {
        const { values: quantized } = quantizeGroups(values);
        for (let start = 0; start < values.length; start += 32) {
          const largest = Math.max(...quantized.slice(start, start + 32).map(Math.abs));
          const source = Math.max(...values.slice(start, start + 32).map(Math.abs));
          // Below the smallest normal number of F16 times 7 a scale cannot shrink any more.
          if (source > 7 * 2 ** -14) expect(largest).toBe(7);
          expect(largest).toBeLessThanOrEqual(7);
        }
      }),
    );
  });

  it('gives a group of zeros the scale 1, and every group a scale of its own', () => {
    const values = Float32Array.from({ length: 96 }, (_, i) => (i < 32 ? 0 : i < 64 ? 3.5 : -14));
    const { values: quantized, scales } = quantizeGroups(values);
    expect([...scales]).toEqual([1, 0.5, 2]);
    expect([quantized[31], quantized[32], quantized[95]]).toEqual([0, 7, -7]);
  });

  it('rounds by the scale that is stored', () => {
    // 0.1 / 7 is no F16: its own scale is a little smaller, and half a step of that is less than half of the exact one.
    const [scale] = quantizeGroups(new Float32Array(32).fill(0.1)).scales;
    const values = new Float32Array(32).fill(0.1);
    values[1] = scale * 0.5;
    values[2] = scale * 1.5;
    expect([...quantizeGroups(values).values.slice(0, 3)]).toEqual([7, 0, 2]);
  });
});

describe('an embedding in int4', () => {
  const spec: TextStudentSpec = {
    name: 'table',
    family: 'static',
    task: { kind: 'embed' },
    tokenizer: { kind: 'hashed', buckets: 7, wordNgrams: 1, charNgrams: null },
    maxCharacters: 100,
    maxTokens: 8,
    layers: [
      { kind: 'embedding', vocabSize: 7, hiddenSize: 64 },
      { kind: 'weightedMean', vocabSize: 7 },
    ],
  };
  const table = createRandom(3).normals(7 * 64, 1);
  const parameters = new Map([
    ['layers.0.weight', table],
    ['layers.1.weight', new Float32Array(7).fill(1)],
  ]);

  it('gives every row of its float twin within half a scale, plus rounding of the scale to F16', async () => {
    const [int4, float] = await Promise.all(
      (['int4', 'float'] as const).map(async (precision) =>
        readStudent(await exportStudent({ spec, parameters }, new Map(), precision, {})),
      ),
    );
    const { scales } = quantizeGroups(table);
    const seen = new Set<number>();
    for (const word of 'abcdefghijklmnopqrstuvwxyz') {
      const [id] = int4.tokenize(word).ids;
      seen.add(id);
      const [row, twin] = [int4.logits(word), float.logits(word)];
      expect(twin).toEqual(table.slice(64 * id, 64 * (id + 1)));
      for (const [c, value] of row.entries()) {
        expect(Math.abs(value - twin[c])).toBeLessThanOrEqual(0.5001 * scales[2 * id + Math.floor(c / 32)]);
      }
    }
    expect(seen.size).toBe(7);
  });

  it('takes 0.5625 bytes a weight, and matrices beside it are int8', () => {
    const tensors = weightTensors(spec, parameters, 'int4');
    const bytes = ['layers.0.weight', 'layers.0.weight.scale'].map((name) => tensors.get(name)!.data.byteLength);
    expect(bytes).toEqual([7 * 32, 7 * 2 * 2]);
    const dense = { kind: 'dense', inputSize: 64, outputSize: 3, activation: 'none' } as const;
    const weights = new Map([
      ...parameters,
      ['layers.2.weight', table.slice(0, 192)],
      ['layers.2.bias', table.slice(0, 3)],
    ]);
    const all = weightTensors({ ...spec, layers: [...spec.layers, dense] }, weights as typeof parameters, 'int4');
    expect([...all].map(([name, { dtype }]) => [name, dtype])).toEqual([
      ['layers.0.weight', 'U8'],
      ['layers.0.weight.scale', 'F16'],
      ['layers.1.weight', 'F32'],
      ['layers.2.weight', 'I8'],
      ['layers.2.weight.scale', 'F32'],
      ['layers.2.bias', 'F32'],
    ]);
  });

  it('is refused where its rows are no whole groups', () => {
    const layers = [{ kind: 'embedding', vocabSize: 7, hiddenSize: 24 } as const, spec.layers[1]];
    const narrow = new Map([...parameters, ['layers.0.weight', table.slice(0, 7 * 24)] as const]);
    expect(() => weightTensors({ ...spec, layers }, narrow, 'int4')).toThrow(InputError);
    expect(() => weightTensors({ ...spec, layers }, narrow, 'int4')).toThrow('a multiple of 32 for int4, got none');
  });
});
