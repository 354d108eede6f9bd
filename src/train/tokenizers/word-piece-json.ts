/** WordPiece out of a `tokenizer.json`: BERT's normalizer and pre-tokenizer with its model. */
import * as v from 'valibot';
import type { SpecialTokens, WordPieceTokenizerSpec } from '../../format/index.ts';
import { piecesInOrder, type TokenizerJson, VOCAB } from './tokenizer-json-parts.ts';
import { parsePart, unsupported } from './unsupported.ts';
import { type Vocabulary, wordPieceVocabulary } from './vocabulary.ts';

const MODEL = v.object({
  unk_token: v.string(),
  continuing_subword_prefix: v.string(),
  max_input_chars_per_word: v.number(),
  vocab: VOCAB,
});

const NORMALIZER = v.object({
  clean_text: v.boolean(),
  handle_chinese_chars: v.boolean(),
  strip_accents: v.nullish(v.boolean()),
  lowercase: v.boolean(),
});

type Options = Pick<WordPieceTokenizerSpec, 'cleanText' | 'spaceIdeographs' | 'stripAccents' | 'lowercase'>;

/** @throws InputError with code `unsupported_tokenizer` that names the part */
export function readWordPiece(json: TokenizerJson, special: SpecialTokens): Vocabulary<WordPieceTokenizerSpec> {
  const model = parsePart(MODEL, json.model, 'model');
  if (model.continuing_subword_prefix !== '##') {
    throw unsupported('model.continuing_subword_prefix', model.continuing_subword_prefix, '##');
  }
  if (json.pre_tokenizer?.type !== 'BertPreTokenizer') {
    throw unsupported('pre_tokenizer', json.pre_tokenizer?.type ?? 'none', 'BertPreTokenizer for WordPiece');
  }
  const pieces = piecesInOrder(model.vocab, json.added_tokens);
  return wordPieceVocabulary(pieces, {
    unknownId: pieces.indexOf(model.unk_token),
    ...special,
    ...readNormalizer(json.normalizer),
    maxCharactersPerWord: model.max_input_chars_per_word,
  });
}

function readNormalizer(value: TokenizerJson['normalizer']): Options {
  if (value === null || value === undefined) {
    return { cleanText: false, spaceIdeographs: false, stripAccents: false, lowercase: false };
  }
  if (value.type !== 'BertNormalizer') throw unsupported('normalizer', value.type, 'BertNormalizer for WordPiece');
  const { clean_text, handle_chinese_chars, strip_accents, lowercase } = parsePart(NORMALIZER, value, 'normalizer');
  const stripAccents = strip_accents ?? lowercase;
  return { cleanText: clean_text, spaceIdeographs: handle_chinese_chars, stripAccents, lowercase };
}
