import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyIndex, keyAt, keyOf } from '../../../src/train/cache/key-index.ts';

const hexOf = (bytes: readonly number[]): string => Buffer.from(bytes).toString('hex');

/** Keys that differ in few bytes, and often in none of those that decide where the table looks first. */
const arbitraryKey = fc
  .tuple(fc.nat({ max: 31 }), fc.constantFrom(0, 1, 127, 128, 255))
  .map(([at, value]) => hexOf(Array.from({ length: 32 }, (_, i) => (i === at ? value : 0))));

describe('KeyIndex', () => {
  it('finds what a Map finds, replaces what a Map replaces, whatever the keys have in common (200 lists)', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(arbitraryKey, fc.nat(2 ** 32 - 1))), (entries) => {
        const index = new KeyIndex();
        for (const [key, position] of entries) index.set(keyOf(key), position);
        const map = new Map(entries);
        expect(index.count).toBe(map.size);
        for (const [key, position] of map) expect(index.find(keyOf(key))).toBe(position);
        expect(index.find(keyOf('77'.repeat(32)))).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  it('gives positions in the order of the keys, as hex digits are sorted (200 lists)', () => {
    fc.assert(
      fc.property(fc.uniqueArray(arbitraryKey), (keys) => {
        const index = new KeyIndex();
        for (const [position, key] of keys.entries()) index.set(keyOf(key), position);
        expect([...index.sortedPositions()].map((position) => keys[position])).toEqual([...keys].sort());
      }),
      { numRuns: 200 },
    );
  });

  it('holds 100,000 keys, and counts those that another index has', () => {
    const [index, other] = [new KeyIndex(), new KeyIndex()];
    const keys = Array.from({ length: 100_000 }, (_, i) => keyAt(createHash('sha256').update(String(i)).digest(), 0));
    for (const [position, key] of keys.entries()) {
      index.set(key, position);
      if (position % 3 === 0) other.set(key, 0);
    }
    expect(index.count).toBe(keys.length);
    expect(keys.every((key, position) => index.find(key) === position)).toBe(true);
    expect([index.countIn(other), other.countIn(index)]).toEqual([other.count, other.count]);
  });
});
