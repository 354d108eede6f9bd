import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTokenizer, type Tokenizer } from '../../../src/runtime/index.ts';
import { piecesOf, type Vocabulary } from '../../../src/train/tokenizers/vocabulary.ts';
import { sentenceEncoderVocabulary } from '../../support/sentence-encoder.ts';

interface Golden {
  readonly tool: string;
  readonly cases: readonly { readonly text: string; readonly ids: readonly number[] }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL('unigram-golden.json', import.meta.url), 'utf8'));

function tokenizerOf(vocabulary: Vocabulary, maxCharacters = 2000, maxTokens = 1000): Tokenizer {
  const limits = { maxCharacters, maxTokens };
  return createTokenizer(vocabulary.spec, limits, vocabulary.tensors);
}

function idsOf(tokenizer: Tokenizer, text: string): number[] {
  const { count } = tokenizer.encode(text);
  return [...tokenizer.ids.slice(0, count)];
}

describe('Unigram over the vocabulary of the sentence encoder', () => {
  let vocabulary: Vocabulary;
  let pieces: readonly string[];
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    vocabulary = await sentenceEncoderVocabulary();
    pieces = piecesOf(vocabulary);
    tokenizer = tokenizerOf(vocabulary);
  });

  it.each(golden.cases.map(({ text, ids }) => [text.slice(0, 40), text, ids] as const))(
    `gives the ids of ${golden.tool}: %j`,
    (_, text, ids) => {
      expect(idsOf(tokenizer, text)).toEqual(ids);
    },
  );

  it('keeps U+0344 apart from NFKC, the one known divergence: the reference leaves it as it is', () => {
    expect('\u0344'.normalize('NFKC')).toBe('\u0308\u0301');
    expect(idsOf(tokenizer, 'a\u0344')).toEqual(idsOf(tokenizer, 'a\u0308\u0301'));
  });

  it('reads a lone surrogate as U+FFFD', () => {
    for (const lone of ['\ud800', '\udc00', 'a\ud83db']) {
      expect(idsOf(tokenizer, lone)).toEqual(idsOf(tokenizer, lone.replace(/[\ud800-\udfff]/g, '\ufffd')));
    }
  });

  it('covers the normalized text: the pieces that are known, joined, are in it in this order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        const known = idsOf(tokenizer, text).filter((id) => id !== vocabulary.spec.unknownId);
        let rest = `\u2581${text.normalize('NFKC').replace(/\s+/g, '\u2581')}`.replace(/\u2581+/g, '\u2581');
        for (const id of known) {
          const at = rest.indexOf(pieces[id]);
          if (at === -1) return /[\p{C}\u2000-\u2fff\uff5e]/u.test(text);
          rest = rest.slice(at + pieces[id].length);
        }
        return true;
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('never throws, keeps ids in range and the count within the limit, for any UTF-16', () => {
    const small = tokenizerOf(vocabulary, 50, 20);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 120 }), (units) => {
        const text = String.fromCharCode(...units);
        const { count, truncated } = small.encode(text);
        expect(count).toBeLessThanOrEqual(20);
        for (const id of small.ids.slice(0, count)) expect(pieces[id]).toBeDefined();
        if (text.length > 50) expect(truncated).toBe(true);
      }),
      { seed: 2, numRuns: 2000 },
    );
  });

  it('reports a cut text and cut tokens, and neither where everything was read', () => {
    const text = 'you won a prize at noon';
    const tokens = idsOf(tokenizer, text).length;
    expect(tokenizerOf(vocabulary, text.length, tokens).encode(text)).toEqual({ count: tokens, truncated: false });
    expect(tokenizerOf(vocabulary, text.length - 1, tokens).encode(text).truncated).toBe(true);
    const short = tokenizerOf(vocabulary, text.length, tokens - 1);
    expect(short.encode(text)).toEqual({ count: tokens - 1, truncated: true });
  });

  it('reads the first characters of a text of a megabyte', () => {
    const { count, truncated } = tokenizer.encode('word '.repeat(200_000));
    expect([count, truncated]).toEqual([400, true]);
  });
});
