import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WordCache } from '../../../src/runtime/tokenizers/word-cache.ts';
import '../../support/seeded-properties.ts';

/** The ids that the cache has for a word; empty where it has none. */
function known(cache: WordCache, word: string): number[] {
  const ids = new Int32Array(300);
  return [...ids.slice(0, cache.get(word, 0, word.length, ids))];
}

function remember(cache: WordCache, word: string, ids: readonly number[]): void {
  known(cache, word);
  cache.set(word, 0, word.length, Int32Array.from(ids), ids.length);
}

describe('the cache of words', () => {
  it('knows a word inside a text, and none that it was not told', () => {
    const cache = new WordCache();
    remember(cache, 'an', [0, 1_048_575]);
    const ids = new Int32Array(2);
    expect(cache.get('banana', 1, 3, ids)).toBe(2);
    expect([...ids]).toEqual([0, 1_048_575]);
    for (const word of ['a', 'ana', 'na', '\0', '\0\0', '\uffff']) expect(known(cache, word)).toEqual([]);
  });

  it('leaves out an entry of more than 256 integers', () => {
    const cache = new WordCache();
    const ids = Array.from({ length: 127 }, (_, i) => i);
    for (const length of [126, 127, 128]) remember(cache, 'a'.repeat(length), ids);
    expect([126, 127, 128].map((length) => known(cache, 'a'.repeat(length)).length)).toEqual([127, 127, 0]);
  });

  it('gives the ids of a word or none, whatever it was told and however much', () => {
    const word = fc.string({ unit: fc.constantFrom('\0', 'a', '\u0001', '\uffff'), minLength: 1, maxLength: 200 });
    const ids = fc.array(fc.constantFrom(0, 1, 97, 65_535), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(fc.array(fc.tuple(word, ids), { minLength: 1, maxLength: 100 }), (entries) => {
        const cache = new WordCache();
        const told = new Map<string, readonly number[]>();
        // Told often enough that the cache forgets more than once.
        for (let round = 0; round < 10; round++) {
          for (const [text, list] of entries) {
            remember(cache, text, list);
            told.set(text, list);
            if (text.length + list.length <= 254) expect(known(cache, text)).toEqual(list);
          }
          for (const [text, list] of told) expect([[], list]).toContainEqual(known(cache, text));
        }
      }),
      { numRuns: 30 },
    );
  });
});
