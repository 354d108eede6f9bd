import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WriteError } from '../../../src/train/atomic-file.ts';
import { OutputCache } from '../../../src/train/cache/output-cache.ts';
import { outputKey } from '../../../src/train/cache/output-key.ts';
import {
  encodeOutputs,
  headerOf,
  type Outputs,
  recordLength,
  sortedOutputs,
  writeEntry,
} from '../../support/output-entries.ts';
import { startModule, startModuleOnFullDisk } from '../../support/retort.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { unprivileged } from '../../support/unprivileged.ts';

const ID = 'encoder';
const SIZE = 3;
const RECORD_BYTES = recordLength(SIZE);
const HEADER = headerOf(ID, SIZE);

const root = temporaryFolder('output-cache');
let turn = 0;
const newDirectory = (): string => join(root, String(turn++));
const headerFileOf = (directory: string): string => join(directory, ID, 'entry.json');
const recordsOf = (directory: string): string => join(directory, ID, 'records.bin');
const open = (directory: string, size = SIZE): Promise<OutputCache> => OutputCache.open(directory, ID, size);

const OUTPUTS: Outputs = Array.from({ length: 3 }, (_, i) => [outputKey(`text ${i}`), Float32Array.of(i, -i, i / 3)]);

/** A cache with a header and these bytes as records. */
function directoryWith(records: Uint8Array, header = HEADER): string {
  const directory = newDirectory();
  writeEntry(directory, ID, header, records);
  return directory;
}

async function fill(directory: string, outputs: Outputs): Promise<void> {
  const cache = await open(directory);
  for (const [key, values] of outputs) await cache.put(key, values);
  await cache.close();
}

/** The outputs of a cache under the keys of `OUTPUTS`, and their number under any key. */
async function contentsOf(directory: string): Promise<{ readonly values: readonly unknown[]; readonly count: number }> {
  const cache = await open(directory);
  const contents = { values: OUTPUTS.map(([key]) => cache.get(key)), count: cache.count };
  await cache.close();
  return contents;
}

/** Holds that a cache has those of `OUTPUTS` that are `kept` and no others, and all of them once they were put again. */
async function expectToMend(directory: string, kept: (output: number) => boolean): Promise<void> {
  const values = OUTPUTS.map(([, output], i) => (kept(i) ? output : undefined));
  const count = values.filter((value) => value !== undefined).length;
  expect(await contentsOf(directory)).toEqual({ values, count });
  await fill(directory, OUTPUTS);
  expect(await contentsOf(directory)).toEqual({ values: OUTPUTS.map(([, output]) => output), count: OUTPUTS.length });
}

const all = (): boolean => true;
const none = (): boolean => false;

describe('outputKey', () => {
  it('is SHA-256 over the fields, each after its length in bytes as 8 bytes, little-endian', () => {
    const length = (bytes: number): Buffer => Buffer.from([bytes, 0, 0, 0, 0, 0, 0, 0]);
    const bytes = Buffer.concat([length(5), Buffer.from('Köln'), length(0), length(1), Buffer.from('x')]);
    expect(outputKey('Köln', '', 'x')).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('tells fields apart that say the same when written one after the other', () => {
    const lists = [['abc'], ['ab', 'c'], ['a', 'bc'], ['a', 'b', 'c'], ['', 'abc'], ['abc', ''], [], [''], ['', '']];
    expect(new Set(lists.map((fields) => outputKey(...fields))).size).toBe(lists.length);
  });

  it('is the same for the same list alone (500 pairs)', () => {
    const list = fc.array(fc.string({ unit: fc.constantFrom('a', '\0', '\u0001'), maxLength: 10 }), { maxLength: 4 });
    fc.assert(
      fc.property(list, list, (one, other) => {
        expect(outputKey(...one) === outputKey(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: 500 },
    );
  });
});

describe('OutputCache', () => {
  it('gives back what was put in, bit for bit, before and after it was closed (50 caches)', async () => {
    const entry = fc.integer({ min: 1, max: 20 }).chain((size) => {
      const values = fc.float32Array({ minLength: size, maxLength: size });
      return fc.tuple(fc.constant(size), fc.array(values, { maxLength: 8 }));
    });
    await fc.assert(
      fc.asyncProperty(entry, async ([size, list]) => {
        const directory = newDirectory();
        const outputs: Outputs = list.map((values, i) => [outputKey(String(i)), values]);
        const cache = await open(directory, size);
        for (const [key, values] of outputs) await cache.put(key, values);
        expect(outputs.map(([key]) => cache.get(key))).toEqual(list);
        await cache.close();

        const again = await open(directory, size);
        expect(again.count).toBe(list.length);
        expect(outputs.map(([key]) => again.get(key))).toEqual(list);
        expect(again.get(outputKey('another text'))).toBeUndefined();
        await again.close();
      }),
      { numRuns: 50 },
    );
  });

  it('leaves the documented files and no others, and reads those that another program wrote', async () => {
    const directory = newDirectory();
    await fill(directory, OUTPUTS);
    expect(readdirSync(join(directory, ID)).sort()).toEqual(['entry.json', 'records.bin']);
    expect(readFileSync(headerFileOf(directory), 'utf8')).toBe(HEADER);
    expect(readFileSync(recordsOf(directory)).equals(encodeOutputs(OUTPUTS))).toBe(true);
    await expectToMend(directoryWith(encodeOutputs(OUTPUTS)), all);
  });

  it('keeps the first of two outputs under one key, and writes no other', async () => {
    const directory = newDirectory();
    const [[key, values]] = OUTPUTS;
    const cache = await open(directory);
    await cache.put(key, values);
    await cache.put(key, Float32Array.of(7, 7, 7));
    expect([cache.count, cache.get(key)]).toEqual([1, values]);
    await cache.close();
    expect(statSync(recordsOf(directory)).size).toBe(RECORD_BYTES);
  });

  it('keeps every output where many are put at once', async () => {
    const directory = newDirectory();
    const outputs: Outputs = Array.from({ length: 200 }, (_, i) => [outputKey(String(i)), Float32Array.of(i, i, i)]);
    const cache = await open(directory);
    await Promise.all(outputs.map(([key, values]) => cache.put(key, values)));
    await cache.close();
    const again = await open(directory);
    expect(outputs.map(([key]) => again.get(key))).toEqual(outputs.map(([, values]) => values));
    await again.close();
  });

  it('has an output in the file as soon as it is put', async () => {
    const directory = newDirectory();
    const cache = await open(directory);
    for (const [i, [key, values]] of OUTPUTS.entries()) {
      await cache.put(key, values);
      expect(statSync(recordsOf(directory)).size).toBe((i + 1) * RECORD_BYTES);
    }
    await cache.close();
  });

  it('refuses an output of another size', async () => {
    const cache = await open(newDirectory());
    await expect(cache.put(outputKey('a'), new Float32Array(2))).rejects.toMatchObject({
      name: 'InputError',
      message: 'teacher output: expected 3 values, got 2',
    });
    expect(cache.count).toBe(0);
    await cache.close();
  });
});

describe('OutputCache after damage', () => {
  const whole = encodeOutputs(OUTPUTS);

  it('keeps every whole record of a file that was cut at any byte, and appends the others', async () => {
    for (let length = 0; length <= whole.length; length++) {
      const directory = directoryWith(whole.subarray(0, length));
      await expectToMend(directory, (output) => (output + 1) * RECORD_BYTES <= length);
      expect(readFileSync(recordsOf(directory)).equals(whole)).toBe(true);
    }
  });

  it('passes over the record of a flipped bit, wherever it is, keeps the others, and appends that one again (100 bits)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 8 * whole.length - 1 }), async (bit) => {
        const damaged = Buffer.from(whole);
        damaged[bit >> 3] ^= 1 << (bit & 7);
        const directory = directoryWith(damaged);
        const hit = Math.floor((bit >> 3) / RECORD_BYTES);
        await expectToMend(directory, (output) => output !== hit);
        const again = encodeOutputs([OUTPUTS[hit]]);
        expect(readFileSync(recordsOf(directory)).equals(Buffer.concat([damaged, again]))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('takes no garbage for outputs: a file of zeros, and one of noise', async () => {
    const noise = createHash('sha512').update('noise').digest();
    for (const garbage of [Buffer.alloc(200), Buffer.concat([noise, noise, noise])]) {
      await expectToMend(directoryWith(garbage), none);
    }
  });

  it('writes a header that is gone again and keeps the records', async () => {
    const directory = directoryWith(whole);
    rmSync(headerFileOf(directory));
    await expectToMend(directory, all);
    expect(readFileSync(headerFileOf(directory), 'utf8')).toBe(HEADER);
  });
});

describe('OutputCache.sort', () => {
  const sorted = encodeOutputs(sortedOutputs(OUTPUTS));

  it('leaves the same bytes whatever the order was, and gives every output as before (all orders)', async () => {
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      const directory = newDirectory();
      const cache = await open(directory);
      await cache.putAll(order.map((i) => OUTPUTS[i]));
      await cache.sort();
      expect(readFileSync(recordsOf(directory)).equals(sorted)).toBe(true);
      expect(OUTPUTS.map(([key]) => cache.get(key))).toEqual(OUTPUTS.map(([, values]) => values));
      await cache.put(outputKey('another'), Float32Array.of(1, 2, 3));
      expect(cache.get(outputKey('another'))).toEqual(Float32Array.of(1, 2, 3));
      await cache.close();
      expect(readFileSync(recordsOf(directory)).subarray(0, sorted.length).equals(sorted)).toBe(true);
    }
  });

  it('drops damaged records, and those that were replaced', async () => {
    const damaged = Buffer.from(encodeOutputs(OUTPUTS));
    damaged[40] ^= 1;
    const directory = directoryWith(damaged);
    const [[first, values], [second]] = OUTPUTS;
    const cache = await open(directory);
    await cache.put(first, values);
    await cache.replace(second, Float32Array.of(9, 9, 9));
    await cache.sort();
    await cache.close();
    const expected = OUTPUTS.map(([key, own]) => [key, key === second ? Float32Array.of(9, 9, 9) : own] as const);
    expect(readFileSync(recordsOf(directory)).equals(encodeOutputs(sortedOutputs(expected)))).toBe(true);
  });

  it('writes nothing where the order is right already', async () => {
    const directory = directoryWith(sorted);
    const { ino } = statSync(recordsOf(directory));
    const cache = await open(directory);
    await cache.sort();
    await cache.close();
    expect(statSync(recordsOf(directory)).ino).toBe(ino);
  });

  it('removes what a sort that was killed has left beside the records, and keeps these', async () => {
    const directory = directoryWith(encodeOutputs(OUTPUTS));
    writeFileSync(`${recordsOf(directory)}.0123.tmp`, sorted.subarray(0, 50));
    await expectToMend(directory, all);
    expect(readdirSync(join(directory, ID)).sort()).toEqual(['entry.json', 'records.bin']);
  });
});

describe('OutputCache refuses', () => {
  it.each([
    ['of another size', JSON.stringify({ version: 1, id: ID, size: SIZE + 1 })],
    ['of another version', JSON.stringify({ version: 2, id: ID, size: SIZE })],
    ['of another teacher', JSON.stringify({ version: 1, id: 'other', size: SIZE })],
    ['with a header that was cut', HEADER.slice(0, -1)],
    ['with an empty header', ''],
  ])('an entry %s with the code cache_mismatch, touches nothing, and is not locked afterwards', async (_, header) => {
    const directory = directoryWith(encodeOutputs(OUTPUTS), header);
    await expect(open(directory)).rejects.toMatchObject({
      name: 'InputError',
      code: 'cache_mismatch',
      message: `${headerFileOf(directory)}: expected ${HEADER}, got ${header}; delete the folder to label again`,
    });
    expect(readdirSync(join(directory, ID)).sort()).toEqual(['entry.json', 'records.bin']);
    expect(readFileSync(headerFileOf(directory), 'utf8')).toBe(header);
    expect(readFileSync(recordsOf(directory)).equals(encodeOutputs(OUTPUTS))).toBe(true);
    writeFileSync(headerFileOf(directory), HEADER);
    await expectToMend(directory, all);
  });

  it('a place that cannot be written, with WriteError', async () => {
    const directory = newDirectory();
    mkdirSync(directory);
    writeFileSync(join(directory, ID), '');
    await expect(open(directory)).rejects.toBeInstanceOf(WriteError);
    rmSync(join(directory, ID));
    await fill(directory, OUTPUTS);
    chmodSync(root, 0o755);
    chmodSync(join(directory, ID), 0o555);
    const error = await unprivileged(() => open(directory).catch((thrown: unknown) => thrown));
    chmodSync(join(directory, ID), 0o755);
    expect(error).toBeInstanceOf(WriteError);
    expect(error).toMatchObject({ code: 'write_failed', message: expect.stringContaining('no permission') });
    await expectToMend(directory, all);
  });
});

describe('OutputCache of two processes', () => {
  it('lets nobody in while the first lives, and after kill -9 the next one, to all that was put', async () => {
    const directory = newDirectory();
    const holder = `import { OutputCache, outputKey } from 'retort-edge/train';
      const cache = await OutputCache.open(${JSON.stringify(directory)}, '${ID}', ${SIZE});
      for (let i = 0; i < 2; i++) await cache.put(outputKey('text ' + i), Float32Array.of(i, -i, i / 3));
      process.stdout.write('open');
      setInterval(() => {}, 1000);`;
    const { child, until, outcome } = startModule(holder);
    await until(/open/);
    await expect(open(directory)).rejects.toMatchObject({
      name: 'InputError',
      code: 'cache_locked',
      message: expect.stringContaining(`got process ${child.pid} there`),
    });
    expect(statSync(recordsOf(directory)).size).toBe(2 * RECORD_BYTES);
    child.kill('SIGKILL');
    await outcome;
    await expectToMend(directory, (output) => output < 2);
    expect(readdirSync(join(directory, ID)).sort()).toEqual(['entry.json', 'records.bin']);
  });

  it('throws WriteError where the disk is full half way through a record, and leaves the whole ones alone', async () => {
    const directory = newDirectory();
    const writer = `import { OutputCache, outputKey } from 'retort-edge/train';
      const cache = await OutputCache.open(${JSON.stringify(directory)}, '${ID}', ${SIZE});
      const put = async () => {
        for (let i = 0; i < 100; i++) await cache.put(outputKey(String(i)), Float32Array.of(i, i, i));
      };
      const error = await put().catch((thrown) => thrown);
      process.stdout.write([error.name, error.code, cache.count].join());
      await cache.close();`;
    const { stdout, stderr } = await startModuleOnFullDisk(writer).outcome;
    const { size } = statSync(recordsOf(directory));
    const count = Math.floor(size / RECORD_BYTES);
    expect(size % RECORD_BYTES).toBe(0);
    expect(count).toBeGreaterThan(0);
    expect(stdout, stderr).toBe(`WriteError,write_failed,${count}`);
    const cache = await open(directory);
    expect(cache.count).toBe(count);
    for (let i = 0; i < count; i++) expect(cache.get(outputKey(String(i)))).toEqual(Float32Array.of(i, i, i));
    await cache.close();
    expect(statSync(recordsOf(directory)).size).toBe(count * RECORD_BYTES);
  });
});

describe('OutputCache.release', () => {
  it('lets another process in, still reads, and refuses to write', async () => {
    const directory = newDirectory();
    await fill(directory, OUTPUTS);
    const released = await open(directory);
    await released.release();
    const other = await open(directory);
    await other.put(outputKey('new'), Float32Array.of(1, 2, 3));
    await other.close();
    expect(OUTPUTS.map(([key]) => released.get(key))).toEqual(OUTPUTS.map(([, values]) => values));
    await expect(released.put(outputKey('late'), Float32Array.of(1, 2, 3))).rejects.toThrow('released');
    await expect(released.sort()).rejects.toThrow('released');
    await released.close();
  });
});
