import { describe, expect, it } from 'vitest';
import { piecesOf, unigramVocabulary } from '../../../src/train/tokenizers/vocabulary.ts';

const PIECES = ['a', '日b', '😀'];
const SCORES = Float32Array.of(0, -1, -2);
const VOCABULARY = unigramVocabulary(PIECES, SCORES, { unknownId: 1, controlIds: [2] });

describe('unigramVocabulary', () => {
  it('says how many pieces there are, and which of them no text produces', () => {
    expect(VOCABULARY.spec).toEqual({ kind: 'unigram', vocabSize: 3, unknownId: 1, controlIds: [2] });
  });

  it('holds the UTF-8 of all pieces, its length by piece, and the scores', () => {
    expect(VOCABULARY.tensors).toEqual(
      new Map([
        ['tokenizer.pieces', { dtype: 'U8', shape: [9], data: new TextEncoder().encode('a日b😀') }],
        ['tokenizer.lengths', { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 4, 4) }],
        ['tokenizer.scores', { dtype: 'F32', shape: [3], data: SCORES }],
      ]),
    );
  });
});

describe('piecesOf', () => {
  it('gives the pieces back', () => {
    expect(piecesOf(VOCABULARY)).toEqual(PIECES);
  });
});
