import { statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  allTexts,
  countTexts,
  type StoredTexts,
  TextReader,
  TextWriter,
} from '../../../src/train/storage/stored-texts.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder('stored-texts');
let turn = 0;

async function store(texts: readonly string[]): Promise<StoredTexts> {
  const writer = await TextWriter.create(join(root, 'made', String(turn++)));
  for (const text of texts) await writer.add(text);
  return writer.finish();
}

const TEXTS = ['plain', 'naïve 日本 🎉', 'half a surrogate \ud83d', '\udc00 and another', '', 'tail'];
/** Longer than what is read at once, with one text that is longer than that alone. */
const MANY = Array.from({ length: 3000 }, (_, i) => (i === 1500 ? 'x'.repeat(800_000) : `text ${i} `.repeat(40)));

describe('stored texts', () => {
  it('come back in order, broken surrogates and empty ones included, as often as they are asked for', async () => {
    const stored = await store(TEXTS);
    expect(countTexts(stored)).toBe(TEXTS.length);
    const texts = allTexts(stored);
    expect([...texts]).toEqual(TEXTS);
    expect([...texts]).toEqual(TEXTS);
    expect([...allTexts(await store([]))]).toEqual([]);
  });

  it('come back one by one in any order, and all of a file of many pieces', async () => {
    const stored = await store(MANY);
    expect([...allTexts(stored)]).toEqual(MANY);
    const reader = new TextReader(stored);
    for (const row of [2999, 0, 1500, 1501, 7]) expect(reader.at(row)).toBe(MANY[row]);
    reader.close();
  });

  it('have a checksum of what they say and of where they end, not of where they lie', async () => {
    const { checksum } = await store(['a', 'bc']);
    expect((await store(['a', 'bc'])).checksum).toBe(checksum);
    expect((await store(['ab', 'c'])).checksum).not.toBe(checksum);
  });

  it('throw file_cut where the file has become shorter', async () => {
    const stored = await store(MANY);
    truncateSync(stored.path, statSync(stored.path).size - 1);
    expect(() => [...allTexts(stored)]).toThrow(expect.objectContaining({ code: 'file_cut' }));
    const reader = new TextReader(stored);
    expect(() => reader.at(2999)).toThrow(expect.objectContaining({ code: 'file_cut' }));
    reader.close();
  });

  it('throw write_failed where a folder is in the way', async () => {
    await expect(TextWriter.create(root)).rejects.toMatchObject({ code: 'write_failed' });
  });
});
