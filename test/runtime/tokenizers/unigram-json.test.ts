import { describe, expect, it } from 'vitest';
import { charsmap, NMT_NFKC } from '../../support/charsmap.ts';
import { idsOf, readGolden, tokenizerOf } from './golden.ts';

const golden = readGolden('unigram-json-golden.json');
const { tokenizer: json, ids } = golden.tokenizers.nmt_nfkc;
const normalizer = { type: 'Precompiled', precompiled_charsmap: charsmap(NMT_NFKC) };
const tokenizer = tokenizerOf({ ...(json as object), normalizer });

const cases = golden.texts.map((text, i) => [text.slice(0, 40), text, ids[i]] as const);
const nextLine = cases.filter(([, text]) => text.includes('\u0085'));
const repeated = cases.filter(([, text]) => text.includes('x'.repeat(100)));

describe('Unigram from a tokenizer.json', () => {
  it('is compared on at least 30 languages', () => {
    expect(golden.languages.length).toBeGreaterThanOrEqual(30);
  });

  it.each(cases.filter((one) => !nextLine.includes(one) && !repeated.includes(one)))(
    `gives the ids of ${golden.tool}: %j`,
    (_, text, expected) => {
      expect(idsOf(tokenizer, text)).toEqual(expected);
    },
  );

  it('reads U+0085 as SentencePiece does, a known divergence: the reference parts words at it', () => {
    expect(nextLine).toHaveLength(1);
    for (const [, text, expected] of nextLine) {
      expect(idsOf(tokenizer, text)).not.toEqual(expected);
      expect(idsOf(tokenizer, text.replace('\u0085', ' '))).toEqual(expected);
    }
  });

  it('sums in f32 as SentencePiece does, a known divergence: of cuts that are equally good the reference takes another', () => {
    expect(repeated).toHaveLength(1);
    for (const [, text, expected] of repeated) {
      expect(idsOf(tokenizer, text)).not.toEqual(expected);
      expect(idsOf(tokenizer, text).sort()).toEqual([...expected].sort());
    }
  });
});
