import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outputKey } from '../../../src/train/cache/output-key.ts';
import { findShards, isInShard, readShard, shardFolder, writeShard } from '../../../src/train/labelling/shard.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder('shard');

describe('isInShard', () => {
  it('gives every text to exactly one of n shards (300 pairs of a text and n)', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 100 }), (text, of) => {
        const shards = Array.from({ length: of }, (_, i) => ({ index: i + 1, of }));
        expect(shards.filter((shard) => isInShard(outputKey(text), shard))).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });

  it('gives 8 shards of 8,000 texts 1,000 each, within 10 %', () => {
    const counts = new Array<number>(8).fill(0);
    for (let i = 0; i < 8000; i++) {
      for (let index = 1; index <= 8; index++) {
        if (isInShard(outputKey(`text ${i}`), { index, of: 8 })) counts[index - 1]++;
      }
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(100);
  });
});

describe('shard.json', () => {
  const state = { index: 2, of: 4, ids: ['encoder-1', 'encoder-2'], texts: 17, finished: false };

  it('reads back as it was written', async () => {
    await writeShard(join(root, 'own'), state);
    expect(await readShard(join(root, 'own'))).toEqual(state);
  });

  it.each([
    ['that is no JSON', '{'],
    ['of another version', JSON.stringify({ version: 2, ...state })],
    ['with an id that leads out of the folder', JSON.stringify({ version: 1, ...state, ids: ['../secret'] })],
    ['with an id that is the folder above', JSON.stringify({ version: 1, ...state, ids: ['..'] })],
    ['of no teacher', JSON.stringify({ version: 1, ...state, ids: [] })],
    ['with a field that nobody knows', JSON.stringify({ version: 1, ...state, more: 1 })],
  ])('is refused %s, with the code invalid_shard', async (_, text) => {
    const folder = join(root, 'bad');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'shard.json'), text);
    await expect(readShard(folder)).rejects.toMatchObject({ name: 'InputError', code: 'invalid_shard' });
  });

  it('is missed in a folder that is no shard', async () => {
    await expect(readShard(root)).rejects.toMatchObject({
      code: 'invalid_shard',
      message: `${join(root, 'shard.json')}: expected a shard of retort label, got no such file; check the path`,
    });
  });
});

describe('findShards', () => {
  it('finds the folders of shards below a cache folder, and none where there is no such folder', async () => {
    const cacheDir = join(root, 'cache');
    expect(await findShards(cacheDir)).toEqual([]);
    const folders = [1, 2, 10].map((index) => shardFolder(cacheDir, { index, of: 10 }));
    for (const folder of [...folders, join(cacheDir, 'shards', 'other')]) mkdirSync(folder, { recursive: true });
    expect([...(await findShards(cacheDir))].sort()).toEqual([...folders].sort());
  });
});
