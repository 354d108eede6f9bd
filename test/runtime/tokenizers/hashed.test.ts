import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HashedTokenizerSpec } from '../../../src/format/index.ts';
import { createTokenizer } from '../../../src/runtime/index.ts';

const limits = { maxCharacters: 500, maxTokens: 300 };

function encode(text: string, spec: Omit<HashedTokenizerSpec, 'kind' | 'buckets'>, buckets = 1009): number[] {
  const tokenizer = createTokenizer({ kind: 'hashed', buckets, ...spec }, limits, new Map());
  const { count } = tokenizer.encode(text);
  return [...tokenizer.ids.slice(0, count)];
}

/** The definition of FORMAT.md, written again without any of the tokenizer's economies. */
function naive(
  words: readonly string[],
  spec: Omit<HashedTokenizerSpec, 'kind' | 'buckets'>,
  buckets = 1009,
): number[] {
  const step = (hash: number, unit: number): number =>
    Number(((BigInt(hash ^ unit) & 0xffffffffn) * 0x01000193n) & 0xffffffffn);
  const finish = (hash: number): number => {
    let h = BigInt(hash >>> 0);
    h = ((h ^ (h >> 16n)) * 0x7feb352dn) & 0xffffffffn;
    h = ((h ^ (h >> 15n)) * 0x846ca68bn) & 0xffffffffn;
    return Number((h ^ (h >> 16n)) % BigInt(buckets));
  };
  const hash = (start: number, units: readonly number[]): number => finish(units.reduce(step, step(0x811c9dc5, start)));
  const units = (text: string): number[] => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  const ids: number[] = [];
  for (const [index, word] of words.entries()) {
    for (let n = 1; n <= Math.min(spec.wordNgrams, index + 1); n++) {
      ids.push(
        hash(
          n,
          words.slice(index - n + 1, index + 1).flatMap((one) => [...units(one), 0x20]),
        ),
      );
    }
    if (spec.charNgrams === null) continue;
    const bounded = [0xffff, ...units(word), 0xffff];
    for (let n = spec.charNgrams[0]; n <= Math.min(spec.charNgrams[1], bounded.length); n++) {
      for (let from = 0; from + n <= bounded.length; from++) ids.push(hash(n << 8, bounded.slice(from, from + n)));
    }
  }
  return ids;
}

const SPECS = [
  { wordNgrams: 1, charNgrams: null },
  { wordNgrams: 3, charNgrams: null },
  { wordNgrams: 0, charNgrams: [2, 4] },
  { wordNgrams: 2, charNgrams: [1, 1] },
] as const;

describe.each(SPECS)('hashed n-grams, $wordNgrams words, characters $charNgrams', (spec) => {
  it.each([
    ['You WON a prize!', ['you', 'won', 'a', 'prize', '!']],
    ['  spaces\tand\nlines  ', ['spaces', 'and', 'lines']],
    ['日本語 テスト', ['日', '本', '語', 'テ', 'ス', 'ト']],
    ['ｆｕｌｌ ﬁsh ½', ['full', 'fish', '1', '⁄', '2']],
    ['cafe\u0301 é', ['café', 'é']],
    ['a😀b', ['a', '😀', 'b']],
    ['3.14 x_y', ['3', '.', '14', 'x', '_', 'y']],
    ['مرحبا שלום', ['مرحبا', 'שלום']],
    ['', []],
  ])('are those of the definition: %j', (text, words) => {
    // NFKC takes the fraction slash for a character of its own; it belongs to no word.
    expect(encode(text, spec)).toEqual(naive(words, spec));
  });

  it('never throw, stay in range and within the limit, for any UTF-16', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 700 }), (units) => {
        const tokenizer = createTokenizer({ kind: 'hashed', buckets: 7, ...spec }, limits, new Map());
        const { count, truncated } = tokenizer.encode(String.fromCharCode(...units));
        expect(count).toBeLessThanOrEqual(300);
        expect(tokenizer.ids.slice(0, count).every((id) => id >= 0 && id < 7)).toBe(true);
        if (units.length > 500) expect(truncated).toBe(true);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

describe('hashed n-grams', () => {
  it('spread over the buckets: 4,096 words leave less than half as many again empty as chance does', () => {
    const words = Array.from({ length: 4096 }, (_, i) => `w${i}`);
    const filled = new Set(words.flatMap((word) => encode(word, { wordNgrams: 1, charNgrams: null }, 4096)));
    expect(4096 - filled.size).toBeLessThan((1.5 * 4096) / Math.E);
    expect(4096 - filled.size).toBeGreaterThan((0.5 * 4096) / Math.E);
  });

  it('report tokens beyond the limit', () => {
    const tokenizer = createTokenizer(
      { kind: 'hashed', buckets: 9, wordNgrams: 1, charNgrams: null },
      { maxCharacters: 500, maxTokens: 3 },
      new Map(),
    );
    expect(tokenizer.encode('a b c')).toEqual({ count: 3, truncated: false });
    expect(tokenizer.encode('a b c d')).toEqual({ count: 3, truncated: true });
  });
});
