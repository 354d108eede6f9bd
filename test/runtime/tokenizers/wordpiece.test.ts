import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTokenizer, type Limits } from '../../../src/runtime/index.ts';
import { wordPieceVocabulary } from '../../../src/train/tokenizers/vocabulary.ts';
import '../../support/seeded-properties.ts';
import { idsOf, readGolden, tokenizerOf } from './golden.ts';

const golden = readGolden('wordpiece-golden.json');
const uncased = golden.tokenizers.uncased.tokenizer;
const UNKNOWN = 1;
const CLS = 2;
const SEP = 3;

const PIECES = ['[UNK]', 'un', '##aff', '##able', 'a', '##a', 'want', '!', '😀', '##😀'];

function small(limits: Partial<Limits> = {}, maxCharactersPerWord = 100): (text: string) => (string | undefined)[] {
  const { spec, tensors } = wordPieceVocabulary(PIECES, {
    unknownId: 0,
    prefixIds: [],
    suffixIds: [],
    cleanText: true,
    spaceIdeographs: true,
    stripAccents: true,
    lowercase: true,
    maxCharactersPerWord,
  });
  const tokenizer = createTokenizer(spec, { maxCharacters: 100, maxTokens: 50, ...limits }, tensors);
  return (text) => idsOf(tokenizer, text).map((id) => PIECES[id]);
}

describe('WordPiece', () => {
  it('is compared on at least 30 languages', () => {
    expect(golden.languages.length).toBeGreaterThanOrEqual(30);
  });

  describe.each(Object.entries(golden.tokenizers))('with a vocabulary that is %s', (_, { tokenizer: json, ids }) => {
    const tokenizer = tokenizerOf(json);

    it.each(golden.texts.map((text, i) => [text.slice(0, 40), text, ids[i]] as const))(
      `gives the ids of ${golden.tool}: %j`,
      (_, text, expected) => {
        expect(idsOf(tokenizer, text)).toEqual(expected);
      },
    );
  });

  it('reads special tokens inside a text as text, a divergence: the reference takes them for themselves', () => {
    const ids = idsOf(tokenizerOf(uncased), 'we [SEP] see');
    expect(ids.filter((id) => id === SEP)).toHaveLength(1);
  });

  it('knows all punctuation and marks of Unicode, another divergence: the tables of the reference end with Unicode 8', () => {
    const inside = (text: string): number[] => idsOf(tokenizerOf(uncased), text).slice(1, -1);
    expect(inside('un\u2e54un')).toEqual([...inside('un'), UNKNOWN, ...inside('un')]);
    expect(inside('u\u{1e946}n')).toEqual(inside('un'));
  });

  it('takes the longest piece, again and again', () => {
    expect(small()('unaffable')).toEqual(['un', '##aff', '##able']);
    expect(small()('Unwanted!')).toEqual(['[UNK]', '!']);
    expect(small()('a😀😀')).toEqual(['a', '##😀', '##😀']);
  });

  it('knows no word of more characters than it is told, emoji counted as one', () => {
    expect(small({}, 3)('aaa aaaa a😀😀 a😀😀😀')).toEqual(['a', '##a', '##a', '[UNK]', 'a', '##😀', '##😀', '[UNK]']);
  });

  it('keeps the special tokens around a text that is cut', () => {
    const text = golden.texts[0];
    const all = idsOf(tokenizerOf(uncased), text);
    for (const maxTokens of [2, 3, 10, all.length - 1, all.length]) {
      const tokenizer = tokenizerOf(uncased, { maxTokens });
      expect(tokenizer.encode(text)).toEqual({ count: maxTokens, truncated: maxTokens < all.length });
      expect(idsOf(tokenizer, text)).toEqual([...all.slice(0, maxTokens - 1), SEP]);
    }
    expect(idsOf(tokenizerOf(uncased), '')).toEqual([CLS, SEP]);
  });

  it('reports a cut text', () => {
    const tokenizer = tokenizerOf(uncased, { maxCharacters: 3 });
    expect(tokenizer.encode('the').truncated).toBe(false);
    expect(tokenizer.encode('they').truncated).toBe(true);
    expect(idsOf(tokenizer, 'they')).toEqual(idsOf(tokenizer, 'the'));
  });

  it('never throws, keeps ids in range and the count within the limit, for any UTF-16', () => {
    const tokenizer = tokenizerOf(uncased, { maxCharacters: 50, maxTokens: 20 });
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

  it('reads a megabyte without a space as one unknown word', () => {
    const tokenizer = tokenizerOf(uncased, { maxCharacters: 1_048_576 });
    expect(idsOf(tokenizer, 'x'.repeat(1_000_000))).toEqual([CLS, UNKNOWN, SEP]);
  });
});
