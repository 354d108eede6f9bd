import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../src/format/index.ts';
import { WeightFile, writeWeights } from '../../../../src/train/teachers/encoder/weight-file.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const folder = temporaryFolder('weights');
const path = join(folder, 'model.safetensors');

type Header = Readonly<Record<string, unknown>>;

/** A file of a header, which may be any text, and data. */
function fileOf(header: Header | string, data: Uint8Array): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

async function read(bytes: Uint8Array, name = 'w', shape: readonly number[] = [2]): Promise<Float32Array> {
  writeFileSync(path, bytes);
  const file = await WeightFile.open(path);
  try {
    return await file.read(name, shape);
  } finally {
    await file.close();
  }
}

async function rejection(bytes: Uint8Array, name?: string, shape?: readonly number[]): Promise<InputError> {
  const error = await read(bytes, name, shape).then(
    () => new Error('it was accepted'),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  expect(error.code).toBe('invalid_model');
  expect(error.message).toContain(path);
  return error;
}

const one = (dtype: string, shape: readonly number[], bytes: number): Header => ({
  __metadata__: { format: 'pt' },
  w: { dtype, shape, data_offsets: [0, bytes] },
});

describe('WeightFile', () => {
  it('reads F32, F16 and BF16 exactly', async () => {
    const floats = Float32Array.of(1 / 3, -0);
    expect(await read(fileOf(one('F32', [2], 8), new Uint8Array(floats.buffer)))).toEqual(floats);
    // 1, -2, the smallest subnormal, the largest number, infinity, 1/3 rounded
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x3555);
    const fromHalves = Float32Array.of(1, -2, 2 ** -24, 65504, Number.POSITIVE_INFINITY, 0.333251953125);
    expect(await read(fileOf(one('F16', [6], 12), new Uint8Array(halves.buffer)), 'w', [6])).toEqual(fromHalves);
    const brains = Uint16Array.of(0x3f80, 0xc000, 0x0001, 0x3eab);
    const fromBrains = Float32Array.of(1, -2, 2 ** -133, 0.333984375);
    expect(await read(fileOf(one('BF16', [4], 8), new Uint8Array(brains.buffer)), 'w', [4])).toEqual(fromBrains);
  });

  it('reads back what writeWeights wrote, and gives the same tensors the same bytes', async () => {
    const floats = fc.float32Array({ minLength: 1, maxLength: 12, noNaN: true });
    const property = fc.asyncProperty(fc.array(floats, { minLength: 1, maxLength: 4 }), async (arrays) => {
      const tensors = arrays.map((values, i) => ({ name: `layer.${i}`, shape: [1, values.length], values }));
      await writeWeights(path, tensors);
      const bytes = await readFile(path);
      const file = await WeightFile.open(path);
      for (const { name, shape, values } of tensors) expect(await file.read(name, shape)).toEqual(values);
      await file.close();
      await writeWeights(path, tensors);
      expect(await readFile(path)).toEqual(bytes);
    });
    await fc.assert(property, { numRuns: 30 });
  });

  it('names the tensor that is missing, or of another shape, dtype or size', async () => {
    const data = new Uint8Array(8);
    const file = fileOf(one('F32', [2], 8), data);
    expect((await rejection(file, 'v')).message).toContain('tensor v: expected [2], got no such tensor');
    expect((await rejection(file, 'w', [2, 1])).message).toContain(
      'tensor w: expected [2, 1] as config.json says, got [2]',
    );
    expect((await rejection(fileOf(one('I8', [2], 2), data))).message).toContain('expected F32, F16, BF16, got I8');
    expect((await rejection(fileOf(one('F32', [2], 4), data))).message).toContain('expected 8 bytes for [2], got 4');
    expect((await rejection(fileOf(one('F32', [2], 16), data))).message).toContain('got it up to');
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a header longer than the file', fileOf('{}', new Uint8Array(0)).subarray(0, 9)],
    ['a header that is no JSON', fileOf('PK\u0003\u0004', new Uint8Array(64))],
    ['a header that is no object', fileOf('[]', new Uint8Array(8))],
    ['an entry without offsets', fileOf({ w: { dtype: 'F32', shape: [2] } }, new Uint8Array(8))],
    ['a negative size', fileOf(one('F32', [-2], 8), new Uint8Array(8))],
    [
      'offsets that run backwards',
      fileOf({ w: { dtype: 'F32', shape: [2], data_offsets: [8, 0] } }, new Uint8Array(8)),
    ],
  ])('refuses %s', async (_, bytes) => {
    await rejection(bytes);
  });

  it('says where it looked for a file that is not there', async () => {
    const missing = join(folder, 'missing.safetensors');
    await expect(WeightFile.open(missing)).rejects.toThrow(`${missing}: expected a safetensors file, got no such file`);
  });

  it('refuses a file with any byte of its header changed, or reads it; nothing else', async () => {
    const whole = fileOf(one('F32', [2], 8), new Uint8Array(8));
    const anywhere = fc.tuple(fc.nat(whole.length - 9), fc.nat(255));
    const property = fc.asyncProperty(anywhere, async ([at, byte]) => {
      const changed = whole.slice();
      changed[at] = byte;
      const error = await read(changed).catch((reason: unknown) => reason);
      if (!(error instanceof Float32Array)) expect((error as InputError).code).toBe('invalid_model');
    });
    await fc.assert(property, { numRuns: 200 });
  });
});
