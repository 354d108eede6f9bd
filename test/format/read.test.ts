import { describe, expect, it } from 'vitest';
import { FORMAT_RULES, type FormatRule, parseStudent, StudentFormatError } from '../../src/format/index.ts';
import { readStudent } from '../../src/runtime/node.ts';
import { convStudent, staticStudent, studentBytes } from '../support/students.ts';
import { MALFORMED } from './malformed.ts';

describe('parseStudent', () => {
  it.each(Object.keys(FORMAT_RULES) as FormatRule[])(
    'refuses a file that breaks the rule %s, by that name',
    async (rule) => {
      expect(MALFORMED[rule].length).toBeGreaterThan(0);
      for (const [i, build] of MALFORMED[rule].entries()) {
        const bytes = await build();
        let error: unknown;
        try {
          parseStudent(bytes);
        } catch (thrown) {
          error = thrown;
        }
        expect(error, `case ${i}`).toBeInstanceOf(StudentFormatError);
        expect((error as StudentFormatError).rule, `case ${i}: ${(error as Error).message}`).toBe(rule);
        expect((error as Error).message).toContain(FORMAT_RULES[rule]);
      }
    },
  );

  it('tells which tensor broke a rule, and where', async () => {
    const [build] = MALFORMED.valueSign;
    const bytes = await build();
    expect(() => parseStudent(bytes)).toThrow(/tensor layers\.0\.weight\.scale/);
  });

  it('views aligned bytes in place and copies floats from an odd offset, with the same values', async () => {
    for (const file of [staticStudent(), convStudent(), staticStudent({ hiddenSize: 32, precision: 'int4' })]) {
      const bytes = await studentBytes(file);
      const shifted = new Uint8Array(bytes.length + 1);
      shifted.set(bytes, 1);
      const inPlace = parseStudent(bytes);
      // The `slice` of a Buffer copies nothing.
      for (const odd of [shifted.subarray(1), Buffer.from(shifted.buffer, 1)]) {
        expect(parseStudent(odd).tensors).toEqual(inPlace.tensors);
      }
      expect(inPlace.tensors.get('layers.0.weight')!.data.buffer).toBe(bytes.buffer);
    }
  });

  it('takes a label that only looks like an escaped surrogate, and pairs', async () => {
    const labels = ['\\ud800', '\\\\ud800', '😀', '\u0001'];
    expect(parseStudent(await studentBytes(staticStudent({ labels }))).spec.task).toMatchObject({ labels });
  });

  it('takes depthwise weights of either precision beside int8 products, and the runtime computes with them', async () => {
    const int8 = convStudent();
    const tensors = new Map(int8.tensors);
    const name = 'layers.1.1.weight';
    const { shape, data } = tensors.get(name)!;
    const scales = tensors.get(`${name}.scale`)!.data;
    const kernelSize = shape[1];
    const floats = Float32Array.from(data, (value, i) => value * scales[Math.floor(i / kernelSize)]);
    tensors.set(name, { dtype: 'F32', shape, data: floats });
    tensors.delete(`${name}.scale`);
    const mixed = readStudent(await studentBytes({ ...int8, tensors }));
    expect(mixed.info.backend).toBe('simd');
    expect(mixed.logits('you won a prize')).toEqual(readStudent(await studentBytes(int8)).logits('you won a prize'));
  });

  it('takes every byte of a table in int4 and every F16 scale that is positive, the smallest and the largest too', async () => {
    const file = staticStudent({ hiddenSize: 64, precision: 'int4' });
    const tensors = new Map(file.tensors);
    const { shape, data } = tensors.get('layers.0.weight')!;
    tensors.set('layers.0.weight', { dtype: 'U8', shape, data: Uint8Array.from(data, (_, i) => i) });
    const scale = tensors.get('layers.0.weight.scale')!;
    tensors.set('layers.0.weight.scale', {
      ...scale,
      data: (scale.data as Int16Array).map((bits, i) => [1, 0x7bff, bits][i] ?? bits),
    });
    expect(parseStudent(await studentBytes({ ...file, tensors })).tensors).toEqual(tensors);
  });

  it('takes every F32 that is finite, a pooling weight of -0, and the smallest and the largest scale', async () => {
    const [largest, smallest] = [(2 - 2 ** -23) * 2 ** 127, 2 ** -149];
    const edges = {
      float: {
        'layers.1.weight': [-0, 0, smallest, largest],
        'layers.2.weight': [largest, -largest, smallest, -smallest, 0, -0],
      },
      int8: { 'layers.0.weight.scale': [smallest, largest] },
    };
    for (const precision of ['float', 'int8'] as const) {
      const file = staticStudent({ precision });
      const tensors = new Map(file.tensors);
      for (const [name, values] of Object.entries(edges[precision])) {
        const tensor = tensors.get(name)!;
        expect(tensor.dtype).toBe('F32');
        const data = Float32Array.from(tensor.data);
        data.set(values);
        tensors.set(name, { ...tensor, data });
      }
      expect(parseStudent(await studentBytes({ ...file, tensors })).tensors).toEqual(tensors);
    }
  });

  it('says which forms a tensor may have', async () => {
    const bytes = await studentBytes(staticStudent({ hiddenSize: 64, precision: 'int4' }));
    const text = new TextDecoder('latin1').decode(bytes).replace('"shape":[61,32]', '"shape":[32,61]');
    const turned = Uint8Array.from(text, (unit) => unit.charCodeAt(0));
    expect(() => parseStudent(turned)).toThrow('U8 [32,61] where F32 [61,64] or I8 [61,64] or U8 [61,32] is due');
  });

  it('says that a newer version needs an update', async () => {
    const bytes = await MALFORMED.formatVersion[0]();
    expect(() => parseStudent(bytes)).toThrow(/update retort-edge/);
  });
});
