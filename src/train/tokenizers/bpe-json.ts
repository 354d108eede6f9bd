/** Byte-level BPE out of a `tokenizer.json`, as GPT-2 and RoBERTa have it. */
import * as v from 'valibot';
import type { BpeTokenizerSpec, SpecialTokens } from '../../format/index.ts';
import { BYTE_CHARACTERS, bytesOf } from './byte-alphabet.ts';
import { piecesInOrder, type TokenizerJson, type TokenizerPart, VOCAB } from './tokenizer-json-parts.ts';
import { invalidTokenizer, parsePart, unsupported } from './unsupported.ts';
import { bpeVocabulary, type Vocabulary } from './vocabulary.ts';

const MODEL = v.object({
  dropout: v.nullish(v.number()),
  unk_token: v.nullish(v.string()),
  continuing_subword_prefix: v.nullish(v.string()),
  end_of_word_suffix: v.nullish(v.string()),
  fuse_unk: v.nullish(v.boolean()),
  byte_fallback: v.nullish(v.boolean()),
  ignore_merges: v.nullish(v.boolean()),
  vocab: VOCAB,
  merges: v.array(v.union([v.string(), v.tuple([v.string(), v.string()])])),
});

const BYTE_LEVEL = v.object({ add_prefix_space: v.boolean(), use_regex: v.optional(v.boolean(), true) });

/** Fields of the model that change what it does, and what they have to be. */
const PLAIN = ['dropout', 'continuing_subword_prefix', 'end_of_word_suffix', 'byte_fallback', 'ignore_merges'] as const;

/** @throws InputError with code `unsupported_tokenizer` that names the part */
export function readBpe(json: TokenizerJson, special: SpecialTokens): Vocabulary<BpeTokenizerSpec> {
  const model = parsePart(MODEL, json.model, 'model');
  for (const field of PLAIN) if (model[field]) throw unsupported(`model.${field}`, model[field], 'none');
  const addPrefixSpace = readPreTokenizer(json.pre_tokenizer);
  const spellings = piecesInOrder(model.vocab, json.added_tokens);
  const added = new Set(json.added_tokens.map(({ content }) => content));
  const pieces = spellings.map((piece) => {
    const bytes = bytesOf(piece) ?? (added.has(piece) ? new TextEncoder().encode(piece) : null);
    if (bytes === null) throw unsupported('model.vocab', piece, 'pieces in the alphabet of ByteLevel');
    return bytes;
  });
  const hasEveryByte = BYTE_CHARACTERS.every((character) => Object.hasOwn(model.vocab, character));
  if (!hasEveryByte && !(model.fuse_unk && model.unk_token)) {
    throw unsupported('model.vocab', 'fewer', 'a piece for every byte, or an unk_token with fuse_unk');
  }
  // Where every byte is known, no text gives the unknown id; nor does UTF-8 have the byte 0xff.
  const unknownId = spellings.indexOf(model.unk_token ?? BYTE_CHARACTERS[0xff]);
  const { splits, ranks } = readMerges(model.merges, model.vocab, pieces);
  const nfc = readNormalizer(json.normalizer);
  return bpeVocabulary(pieces, splits, { unknownId, ...special, addPrefixSpace, nfc }, ranks);
}

/** Where each piece is split, and when; no ranks where they rise with the ids. */
function readMerges(
  merges: readonly (string | readonly [string, string])[],
  vocab: Readonly<Record<string, number>>,
  pieces: readonly Uint8Array[],
): { readonly splits: Uint8Array; readonly ranks?: Float32Array } {
  const splits = new Uint8Array(pieces.length);
  const ranks = new Float32Array(pieces.length);
  let before = -1;
  let isRising = true;
  for (const [rank, merge] of merges.entries()) {
    const [left, right] = typeof merge === 'string' ? merge.split(' ') : merge;
    const areThere = [left, right, left + right].every((piece) => Object.hasOwn(vocab, piece));
    if (!areThere) throw invalidTokenizer('model.merges', `expected pieces of the vocabulary, got ${left} ${right}`);
    const id = vocab[left + right];
    if (splits[id] > 0) throw unsupported('model.merges', `${left} ${right}`, 'one merge a piece');
    splits[id] = pieces[vocab[left]].length;
    ranks[id] = rank;
    isRising &&= id > before;
    before = id;
  }
  return isRising ? { splits } : { splits, ranks };
}

/** Whether a space goes before a text. */
function readPreTokenizer(part: TokenizerPart | null | undefined): boolean {
  const type = part?.type ?? 'none';
  if (type !== 'ByteLevel') throw unsupported('pre_tokenizer', type, 'ByteLevel for BPE');
  const { add_prefix_space, use_regex } = parsePart(BYTE_LEVEL, part, 'pre_tokenizer');
  if (!use_regex) throw unsupported('pre_tokenizer.use_regex', use_regex, "true: GPT-2's way to cut words");
  return add_prefix_space;
}

/** Whether texts are normalized to NFC. */
function readNormalizer(part: TokenizerPart | null | undefined): boolean {
  if (part !== null && part !== undefined && part.type !== 'NFC') {
    throw unsupported('normalizer', part.type, 'none or NFC for BPE');
  }
  return part?.type === 'NFC';
}
