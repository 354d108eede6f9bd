/** SentencePiece Unigram out of a `tokenizer.json`, with SentencePiece's default normalization, as XLM-RoBERTa has it. */
import * as v from 'valibot';
import type { SpecialTokens, UnigramTokenizerSpec } from '../../format/index.ts';
import { isNmtNfkc } from './charsmap.ts';
import { piecesInOrder, type TokenizerJson, type TokenizerPart } from './tokenizer-json-parts.ts';
import { invalidTokenizer, parsePart, unsupported } from './unsupported.ts';
import { unigramVocabulary, type Vocabulary } from './vocabulary.ts';

const MODEL = v.object({
  unk_id: v.pipe(v.number(), v.integer()),
  byte_fallback: v.nullish(v.boolean()),
  vocab: v.array(v.tuple([v.string(), v.pipe(v.number(), v.finite())])),
});

const PARTS = v.array(v.looseObject({ type: v.string() }));
const METASPACE = v.object({
  replacement: v.literal('\u2581'),
  prepend_scheme: v.optional(v.literal('always')),
  add_prefix_space: v.optional(v.literal(true)),
});

/** @throws InputError with code `unsupported_tokenizer` that names the part */
export function readUnigram(json: TokenizerJson, special: SpecialTokens): Vocabulary<UnigramTokenizerSpec> {
  const { unk_id, byte_fallback, vocab } = parsePart(MODEL, json.model, 'model');
  if (byte_fallback) throw unsupported('model.byte_fallback', byte_fallback, 'none');
  const names = vocab.map(([piece]) => piece);
  if (new Set(names).size !== names.length) throw invalidTokenizer('model.vocab', 'expected different pieces');
  checkNormalizer(json.normalizer);
  checkPreTokenizer(json.pre_tokenizer);
  const pieces = piecesInOrder(Object.fromEntries(names.map((piece, id) => [piece, id])), json.added_tokens);
  const scores = Float32Array.from(pieces, (_, id) => vocab[id]?.[1] ?? 0);
  const controlIds = json.added_tokens.map(({ id }) => id).filter((id) => id !== unk_id);
  const hasSpecial = special.prefixIds.length + special.suffixIds.length > 0;
  return unigramVocabulary(pieces, scores, { unknownId: unk_id, controlIds, ...(hasSpecial ? special : {}) });
}

function checkNormalizer(part: TokenizerPart | null | undefined): void {
  const isDefault = part?.type === 'Precompiled' && isNmtNfkc(String(part.precompiled_charsmap));
  if (!isDefault) throw unsupported('normalizer', part?.type ?? 'none', "Precompiled with SentencePiece's nmt_nfkc");
}

function checkPreTokenizer(part: TokenizerPart | null | undefined): void {
  const parts = part?.type === 'Sequence' ? parsePart(PARTS, part.pretokenizers, 'pre_tokenizer') : [];
  if (parts.map(({ type }) => type).join() !== 'WhitespaceSplit,Metaspace') {
    throw unsupported('pre_tokenizer', part ?? 'none', 'WhitespaceSplit, then Metaspace for Unigram');
  }
  parsePart(METASPACE, parts[1], 'pre_tokenizer');
}
