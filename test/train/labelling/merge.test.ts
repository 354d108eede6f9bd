import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputCache } from '../../../src/train/cache/output-cache.ts';
import { outputKey } from '../../../src/train/cache/output-key.ts';
import { mergeShards } from '../../../src/train/labelling/merge.ts';
import { type ShardState, shardFolder } from '../../../src/train/labelling/shard.ts';
import { encodeOutputs, headerOf, type Outputs, sortedOutputs, writeEntry } from '../../support/output-entries.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ID = 'encoder';
const SIZE = 2;
const root = temporaryFolder('merge');
let turn = 0;
const newCache = (): string => join(root, String(turn++));

const OUTPUTS: Outputs = Array.from({ length: 40 }, (_, i) => [outputKey(`text ${i}`), Float32Array.of(i, -i / 3)]);
const SORTED = encodeOutputs(sortedOutputs(OUTPUTS));

const mergedBytes = (cacheDir: string): Buffer => readFileSync(join(cacheDir, 'teacher', ID, 'records.bin'));

/** What a test says of a shard; the rest is as it should be. */
interface ShardChanges extends Partial<ShardState> {
  readonly header?: string;
}

/** Writes one shard; returns its folder. */
function writeShardOf(
  cacheDir: string,
  index: number,
  of: number,
  outputs: Outputs,
  changes: ShardChanges = {},
): string {
  const { header = headerOf(ID, SIZE), ...state } = changes;
  const folder = shardFolder(cacheDir, { index, of });
  mkdirSync(folder, { recursive: true });
  const { ids = [ID], texts = outputs.length, finished = true } = state;
  writeFileSync(join(folder, 'shard.json'), JSON.stringify({ version: 1, index, of, ids, texts, finished }));
  writeEntry(folder, ids[0], header, encodeOutputs(outputs));
  return folder;
}

describe('mergeShards', () => {
  it('leaves the same bytes for any division, order inside a shard, order of shards, and number of merges (40 cases)', async () => {
    const division = fc.integer({ min: 1, max: 6 }).chain((of) =>
      fc.record({
        owners: fc.array(fc.nat({ max: of - 1 }), { minLength: OUTPUTS.length, maxLength: OUTPUTS.length }),
        inside: fc.shuffledSubarray([...OUTPUTS.keys()], { minLength: OUTPUTS.length }),
        order: fc.shuffledSubarray([...Array(of).keys()], { minLength: of }),
        firstMerge: fc.nat({ max: of }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(division, async ({ owners, inside, order, firstMerge }) => {
        const cacheDir = newCache();
        const folders = order.map((shard) => {
          const own = inside.filter((i) => owners[i] === shard).map((i) => OUTPUTS[i]);
          return writeShardOf(cacheDir, shard + 1, order.length, own);
        });
        if (firstMerge > 0) await mergeShards(cacheDir, folders.slice(0, firstMerge));
        const { models } = await mergeShards(cacheDir, folders);
        expect(models).toMatchObject([{ id: ID, outputs: OUTPUTS.length, damaged: 0, conflicts: 0 }]);
        expect(mergedBytes(cacheDir).equals(SORTED)).toBe(true);
        const again = await mergeShards(cacheDir, []);
        expect(again.models[0].added).toBe(0);
        expect(mergedBytes(cacheDir).equals(SORTED)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps what the cache had, and appends more than one portion', async () => {
    const cacheDir = newCache();
    const many: Outputs = Array.from({ length: 5000 }, (_, i) => [outputKey(`more ${i}`), Float32Array.of(i, i)]);
    const cache = await OutputCache.open(join(cacheDir, 'teacher'), ID, SIZE);
    await cache.putAll(OUTPUTS);
    await cache.close();
    writeShardOf(cacheDir, 1, 1, many);
    expect((await mergeShards(cacheDir, [])).models).toMatchObject([{ added: 5000, outputs: 5040 }]);
    expect(mergedBytes(cacheDir).equals(encodeOutputs(sortedOutputs([...OUTPUTS, ...many])))).toBe(true);
  });

  it('tells which shards are missing and which were not labelled to their end, and takes what there is', async () => {
    const cacheDir = newCache();
    writeShardOf(cacheDir, 1, 4, OUTPUTS.slice(0, 10));
    writeShardOf(cacheDir, 3, 4, OUTPUTS.slice(10, 12), { finished: false });
    expect(await mergeShards(cacheDir, [])).toMatchObject({
      shards: ['1/4', '3/4'],
      missing: ['2/4', '4/4'],
      unfinished: ['3/4'],
      models: [{ outputs: 12 }],
    });
  });

  it('leaves damaged records out and counts them; the torn end of a shard is nothing', async () => {
    const cacheDir = newCache();
    const folder = writeShardOf(cacheDir, 1, 1, OUTPUTS, { finished: false });
    const records = join(folder, ID, 'records.bin');
    const bytes = encodeOutputs(OUTPUTS);
    bytes[35] ^= 1;
    writeFileSync(records, bytes.subarray(0, -3));
    expect((await mergeShards(cacheDir, [])).models).toMatchObject([{ outputs: OUTPUTS.length - 2, damaged: 1 }]);
    expect(mergedBytes(cacheDir).equals(encodeOutputs(sortedOutputs(OUTPUTS.slice(1, -1))))).toBe(true);
    expect(readFileSync(records).equals(bytes.subarray(0, -3))).toBe(true);
  });

  it('keeps one and the same of two outputs under one key in any order, and counts the conflict', async () => {
    const [[key]] = OUTPUTS;
    const contents: Buffer[] = [];
    for (const values of [
      [1, 2],
      [2, 1],
    ]) {
      const cacheDir = newCache();
      for (const [i, value] of values.entries()) writeShardOf(cacheDir, i + 1, 2, [[key, Float32Array.of(value, 0)]]);
      expect((await mergeShards(cacheDir, [])).models).toMatchObject([{ outputs: 1, conflicts: 1 }]);
      contents.push(mergedBytes(cacheDir));
    }
    expect(contents[0].equals(contents[1])).toBe(true);
  });
});

describe('mergeShards refuses', () => {
  it.each([
    ['of another format version', { header: headerOf(ID, SIZE).replace('1', '2') }],
    ['whose outputs have another size', { header: headerOf(ID, SIZE + 1) }],
    ['whose entry is of another teacher than its folder', { header: headerOf('other', SIZE) }],
    ['of another teacher', { ids: ['other'], header: headerOf('other', SIZE) }],
    ['with a header that was cut', { header: '{"version":1' }],
  ] satisfies [string, ShardChanges][])(
    'a shard %s with the code cache_mismatch, before it writes',
    async (_, changes) => {
      const cacheDir = newCache();
      writeShardOf(cacheDir, 1, 2, OUTPUTS.slice(0, 5));
      writeShardOf(cacheDir, 2, 2, OUTPUTS.slice(5), changes);
      await expect(mergeShards(cacheDir, [])).rejects.toMatchObject({ name: 'InputError', code: 'cache_mismatch' });
      expect(() => mergedBytes(cacheDir)).toThrow('ENOENT');
    },
  );

  it('a finished shard whose entry is gone, with the code cache_mismatch', async () => {
    const cacheDir = newCache();
    const folder = writeShardOf(cacheDir, 1, 1, OUTPUTS);
    writeFileSync(
      join(folder, 'shard.json'),
      JSON.stringify({ version: 1, index: 1, of: 1, ids: ['gone'], texts: 1, finished: true }),
    );
    await expect(mergeShards(cacheDir, [])).rejects.toMatchObject({ name: 'InputError', code: 'cache_mismatch' });
  });

  it('a folder without shards, and one that is none, with the code invalid_shard', async () => {
    const cacheDir = newCache();
    for (const folders of [[], [root]]) {
      await expect(mergeShards(cacheDir, folders)).rejects.toMatchObject({ name: 'InputError', code: 'invalid_shard' });
    }
  });
});
