import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from '../../../src/runtime/index.ts';
import { trainVocabulary } from '../../../src/train/tokenizers/train-vocabulary.ts';
import { pieceBytes, type Vocabulary } from '../../../src/train/tokenizers/vocabulary.ts';
import '../../support/seeded-properties.ts';
import { TEXTS } from '../../support/texts.ts';

const spellingsOf = (vocabulary: Vocabulary): string[] =>
  pieceBytes(vocabulary).map((piece) => Buffer.from(piece).toString());

function segments({ spec, tensors }: Vocabulary, text: string): string[] {
  const tokenizer = createTokenizer(spec, { maxCharacters: 1000, maxTokens: 1000 }, tensors);
  const { count } = tokenizer.encode(text);
  const spellings = spellingsOf({ spec, tensors });
  return Array.from(tokenizer.ids.slice(0, count), (id) => spellings[id]);
}

/** How often each pair of neighbors occurs, all counted anew. */
function countPairs(words: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const parts of words) {
    for (let at = 0; at + 1 < parts.length; at++) {
      const pair = `${parts[at]}|${parts[at + 1]}`;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
  }
  return counts;
}

function merge(parts: string[], left: string, right: string): void {
  for (let at = 0; at + 1 < parts.length; at++) {
    if (parts[at] === left && parts[at + 1] === right) parts.splice(at, 2, left + right);
  }
}

describe('trainVocabulary', () => {
  it('learns a most frequent pair of neighbors, again and again, until none occurs twice', () => {
    const word = fc
      .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 8 })
      .map((letters) => letters.join(''));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
        const { vocabulary } = trainVocabulary([words.join(' ')], 1000, 1000);
        const splits = vocabulary.tensors.get('tokenizer.splits')!.data;
        const parts = words.map((letters) => [' ', ...letters]);
        const known = new Set(['<unk>', ' ', 'a', 'b', 'c']);
        for (const [id, piece] of spellingsOf(vocabulary).entries()) {
          if (splits[id] === 0) continue;
          const [left, right] = [piece.slice(0, splits[id]), piece.slice(splits[id])];
          const counts = countPairs(parts);
          const open = [...counts].filter(([pair]) => !known.has(pair.replace('|', '')));
          expect(counts.get(`${left}|${right}`)).toBe(Math.max(...open.map(([, count]) => count)));
          for (const list of parts) merge(list, left, right);
          known.add(piece);
        }
        const left = [...countPairs(parts)].filter(([pair, count]) => count > 1 && !known.has(pair.replace('|', '')));
        expect(left).toEqual([]);
      }),
    );
  });

  it('has the bytes of the texts in order, behind a piece for those that they do not have', () => {
    const { vocabulary, coverage } = trainVocabulary(['ba', 'é'], 100, 1);
    expect(pieceBytes(vocabulary).slice(1)).toEqual([0x20, 0x61, 0x62, 0xa9, 0xc3].map((byte) => Uint8Array.of(byte)));
    expect(vocabulary.spec).toMatchObject({
      vocabSize: 6,
      unknownId: 0,
      order: 'ids',
      nfc: true,
      addPrefixSpace: true,
    });
    expect(coverage).toEqual({ pieces: 6, piecesBefore: 6, unknown: 0, unknownBefore: 0 });
    expect(segments(vocabulary, 'ab?')).toEqual([' ', 'a', 'b', '<unk>']);
  });

  it('has no more pieces than it is told, and none that occurs once', () => {
    const texts = ['free money free money', 'free prize'];
    for (const size of [15, 20]) expect(trainVocabulary(texts, 100, size).vocabulary.spec.vocabSize).toBe(size);
    const all = spellingsOf(trainVocabulary(texts, 100, 1000).vocabulary);
    expect(all).toContain(' free');
    expect(all).toContain(' money');
    expect(all).not.toContain(' prize');
  });

  it('learns no piece of more than 48 bytes from texts that stand twice', () => {
    const { vocabulary } = trainVocabulary(['x'.repeat(900), 'x'.repeat(900)], 1000, 100);
    expect(Math.max(...pieceBytes(vocabulary).map(({ length }) => length))).toBeLessThanOrEqual(48);
  });

  it('reads what a student reads: characters behind the limit teach nothing', () => {
    const pieces = spellingsOf(trainVocabulary(['ab zzzz', 'ab zzzz'], 3, 100).vocabulary);
    expect(pieces).toContain(' ab');
    expect(pieces).not.toContain('z');
  });

  it('learns words of a language without spaces', () => {
    const titles = ['今天天气很好', '明天天气不好', '天气预报', '今天下雨'];
    const { vocabulary } = trainVocabulary(titles, 100, 60);
    expect(spellingsOf(vocabulary)).toContain('天气');
    expect(segments(vocabulary, '天气').at(-1)).toBe('天气');
  });

  it('spells the texts that it learned from, whatever they are, without unknown bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 8 }), (strings) => {
        const texts = [...strings, ...TEXTS.map((text) => text.slice(0, 60).replace(/\p{Surrogate}/gu, '\ufffd'))];
        const { vocabulary } = trainVocabulary(texts, 200, 300);
        const pieces = pieceBytes(vocabulary);
        const tokenizer = createTokenizer(vocabulary.spec, { maxCharacters: 200, maxTokens: 1000 }, vocabulary.tensors);
        for (const text of texts) {
          const { count } = tokenizer.encode(text);
          const bytes = Buffer.concat(Array.from(tokenizer.ids.slice(0, count), (id) => pieces[id]));
          expect(bytes.toString().replace(/^ /, '')).toBe(text.normalize('NFC').replace(/^ /, ''));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('gives the same bytes again', () => {
    expect(trainVocabulary(TEXTS, 200, 200)).toEqual(trainVocabulary(TEXTS, 200, 200));
  });
});
