import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTokenizer, type Limits, type Tokenizer } from '../../../src/runtime/index.ts';
import { bpeVocabulary } from '../../../src/train/tokenizers/vocabulary.ts';
import '../../support/seeded-properties.ts';
import { idsOf, readGolden, tokenizerOf } from './golden.ts';

const golden = readGolden('bpe-golden.json');
const real = golden.tokenizers['in the order of its merges'].tokenizer;
const START = 0;
const END = 2;

/** Pieces in the order of their merges, each with the length of its left part. */
const PIECES: readonly (readonly [piece: string, split: number])[] = [
  ...['<unk>', ' ', 'a', 'b', 'c', '\u00c3', '\u00a9'].map((piece) => [piece, 0] as const),
  ...([
    ['bc', 1],
    ['ab', 1],
    ['abc', 2],
    ['aa', 1],
    ['\u00c3\u00a9', 1],
    [' a', 1],
  ] as const),
];

function small(limits: Partial<Limits> = {}, ranks?: readonly number[]): Tokenizer {
  const { spec, tensors } = bpeVocabulary(
    PIECES.map(([piece]) => Uint8Array.from(piece, (character) => character.charCodeAt(0))),
    Uint8Array.from(PIECES, ([, split]) => split),
    { unknownId: 0, prefixIds: [], suffixIds: [], addPrefixSpace: false, nfc: false },
    ranks && Float32Array.from(ranks),
  );
  return createTokenizer(spec, { maxCharacters: 100, maxTokens: 50, ...limits }, tensors);
}

function piecesOf(tokenizer: Tokenizer, text: string): string[] {
  return idsOf(tokenizer, text).map((id) => PIECES[id][0]);
}

describe('byte-level BPE', () => {
  it('is compared on at least 30 languages', () => {
    expect(golden.languages.length).toBeGreaterThanOrEqual(30);
  });

  describe.each(Object.entries(golden.tokenizers))('with a vocabulary %s', (_, { tokenizer: json, ids }) => {
    const tokenizer = tokenizerOf(json);

    it.each(golden.texts.map((text, i) => [text.slice(0, 40), text, ids[i]] as const))(
      `gives the ids of ${golden.tool}: %j`,
      (_, text, expected) => {
        expect(idsOf(tokenizer, text)).toEqual(expected);
      },
    );
  });

  it('reads special tokens inside a text as text, the one divergence: the reference takes them for themselves', () => {
    expect(idsOf(tokenizerOf(real), 'we </s> see').filter((id) => id === END)).toHaveLength(1);
  });

  it('merges the lowest rank first, the leftmost of it, and only what a merge is there for', () => {
    expect(piecesOf(small(), 'abc')).toEqual(['a', 'bc']);
    expect(piecesOf(small(), 'aaaaa')).toEqual(['aa', 'aa', 'a']);
    expect(piecesOf(small(), 'é')).toEqual(['\u00c3\u00a9']);
    const abFirst = PIECES.map(([piece]) => (piece === 'ab' ? 1 : 20));
    expect(piecesOf(small({}, abFirst), 'abc')).toEqual(['abc']);
  });

  it('gives the unknown id once for neighboring bytes of a word that are no pieces', () => {
    expect(piecesOf(small(), '日本a日')).toEqual(['<unk>', 'a', '<unk>']);
    expect(piecesOf(small(), 'x x')).toEqual(['<unk>', ' ', '<unk>']);
  });

  it('keeps the special tokens around a text that is cut', () => {
    const text = golden.texts[0];
    const all = idsOf(tokenizerOf(real), text);
    for (const maxTokens of [2, 3, 10, all.length - 1, all.length]) {
      const tokenizer = tokenizerOf(real, { maxTokens });
      expect(tokenizer.encode(text)).toEqual({ count: maxTokens, truncated: maxTokens < all.length });
      expect(idsOf(tokenizer, text)).toEqual([...all.slice(0, maxTokens - 1), END]);
    }
    expect(idsOf(tokenizerOf(real), '')).toEqual([START, END]);
  });

  it('reports a cut text', () => {
    const tokenizer = small({ maxCharacters: 2 });
    expect(tokenizer.encode('ab')).toEqual({ count: 1, truncated: false });
    expect(tokenizer.encode('abc')).toEqual({ count: 1, truncated: true });
    expect(tokenizer.encode('a😀')).toEqual({ count: 1, truncated: true });
  });

  it('gives the bytes of the text back: its pieces, joined', () => {
    const alphabet = ['a', 'b', 'c', ' ', 'é'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...alphabet), { maxLength: 40 }), (letters) => {
        const text = letters.join('');
        const bytes = String.fromCharCode(...new TextEncoder().encode(text));
        expect(piecesOf(small(), text).join('')).toBe(bytes);
      }),
    );
  });

  it.each([
    ['in the order of the pieces', undefined],
    ['shuffled', PIECES.map((_, id) => (5 * id) % PIECES.length)],
  ])('merges each word of a text as a search for the best pair, step by step, would: ranks %s', (_, ranks) => {
    const merges = new Map(
      PIECES.map(([piece, split], id) => [`${piece.slice(0, split)}|${piece.slice(split)}`, ranks?.[id] ?? id]),
    );
    const naive = (word: string): string[] => {
      const parts = Array.from(new TextEncoder().encode(word), (byte) => String.fromCharCode(byte));
      for (;;) {
        const found = parts.map((part, i) => merges.get(`${part}|${parts[i + 1]}`) ?? Number.POSITIVE_INFINITY);
        const best = Math.min(...found);
        if (!Number.isFinite(best)) return parts;
        const at = found.indexOf(best);
        parts.splice(at, 2, parts[at] + parts[at + 1]);
      }
    };
    // One for all texts: what a word leaves in it must not change the next one.
    const tokenizer = small({ maxCharacters: 1000, maxTokens: 1000 }, ranks);
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\u00e9'), minLength: 1, maxLength: 40 });
    // Words of one byte: a letter at the start, and all spaces but the last between two words.
    const word = fc.oneof(fc.constantFrom('a', 'b'), letters);
    const texts = fc.array(fc.tuple(word, fc.constantFrom(' ', '  ')), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(texts, (words) => {
        const text = words.flat().join('');
        expect(piecesOf(tokenizer, text)).toEqual(text.match(/ ?\p{L}+| +(?!\S)/gu)!.flatMap(naive));
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, keeps ids in range and the count within the limit, for any UTF-16', () => {
    const tokenizer = tokenizerOf(real, { maxCharacters: 50, maxTokens: 20 });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 120 }), (units) => {
        const { count } = tokenizer.encode(String.fromCharCode(...units));
        expect(count).toBeLessThanOrEqual(20);
        for (const id of tokenizer.ids.slice(0, count)) {
          expect(id).toBeGreaterThanOrEqual(0);
          expect(id).toBeLessThan(tokenizer.vocabSize);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('reads a megabyte without a space, one word, to its end', () => {
    const tokenizer = tokenizerOf(real, { maxCharacters: 1_048_576, maxTokens: 65_536 });
    const once = idsOf(tokenizer, 'ha'.repeat(16));
    expect(once).toHaveLength(3);
    expect(tokenizer.encode('ha'.repeat(500_000))).toEqual({ count: 2 + 500_000 / 16, truncated: false });
    expect(new Set(tokenizer.ids.slice(1, 31_251))).toEqual(new Set([once[1]]));
  });
});
