/** The fields of each kind of tokenizer, as data, and how they have to agree. */
import { type FieldRule, type FieldRules, Fields } from './fields.ts';
import { shown } from './json.ts';
import { StudentFormatError } from './rules.ts';
import type { TokenizerSpec } from './spec.ts';

/** Most ids of a tokenizer: far above any student of a few megabytes, low enough that products stay exact. */
export const MAX_VOCAB_SIZE = 1_048_576;
/** Most special tokens before a text, and behind it. */
export const MAX_SPECIAL_TOKENS = 16;
/** Most characters of a word that WordPiece may be asked to cut: bounds the time, which can grow with their square. */
export const MAX_WORD_CHARACTERS = 1000;

/** Most tokens a student may read. */
export const MAX_TOKENS = 65_536;

/** How many tokens a student reads. */
export const maxTokens: FieldRule = { type: 'integer', min: 1, max: MAX_TOKENS };
/** How many ids there are. */
export const vocabSize: FieldRule = { type: 'integer', min: 1, max: MAX_VOCAB_SIZE };
const id: FieldRule = { type: 'integer', min: 0, max: MAX_VOCAB_SIZE - 1 };
const special = {
  type: 'integers',
  min: 0,
  max: MAX_VOCAB_SIZE - 1,
  length: MAX_SPECIAL_TOKENS,
} as const satisfies FieldRule;
/** Yes or no. */
export const FLAG: FieldRule = { type: 'choice', of: [false, true] };

/** What may stand in a tokenizer beside its kind. */
export const TOKENIZER_FIELDS: { readonly [K in TokenizerSpec['kind']]: FieldRules } = {
  hashed: {
    buckets: vocabSize,
    wordNgrams: { type: 'integer', min: 0, max: 5 },
    charNgrams: { type: 'range', min: 1, max: 8 },
  },
  unigram: {
    vocabSize,
    unknownId: id,
    controlIds: { type: 'integers', min: 0, max: MAX_VOCAB_SIZE - 1, length: 1024 },
    prefixIds: { ...special, optional: true },
    suffixIds: { ...special, optional: true },
  },
  wordpiece: {
    vocabSize,
    unknownId: id,
    prefixIds: special,
    suffixIds: special,
    cleanText: FLAG,
    spaceIdeographs: FLAG,
    stripAccents: FLAG,
    lowercase: FLAG,
    maxCharactersPerWord: { type: 'integer', min: 1, max: MAX_WORD_CHARACTERS },
  },
  bpe: {
    vocabSize,
    unknownId: id,
    prefixIds: special,
    suffixIds: special,
    addPrefixSpace: FLAG,
    nfc: FLAG,
    order: { type: 'choice', of: ['ids', 'ranks'] },
  },
};

/** Reads the tokenizer of a spec. */
export function readTokenizer(value: unknown, maxTokens: number): TokenizerSpec {
  const fields = new Fields(value, 'spec.tokenizer');
  const kind = fields.get<TokenizerSpec['kind']>('kind', { type: 'choice', of: Object.keys(TOKENIZER_FIELDS) });
  const spec = fields.read<TokenizerSpec>(TOKENIZER_FIELDS[kind], kind);
  const conflict = findConflict(spec, maxTokens);
  if (conflict !== null) throw new StudentFormatError('tokenizer', conflict);
  return spec;
}

function findConflict(spec: TokenizerSpec, maxTokens: number): string | null {
  if (spec.kind === 'hashed') {
    return spec.wordNgrams === 0 && spec.charNgrams === null ? 'neither word nor character n-grams' : null;
  }
  const around = [...(spec.prefixIds ?? []), ...(spec.suffixIds ?? [])];
  const controls = spec.kind === 'unigram' ? [spec.unknownId, ...spec.controlIds] : [spec.unknownId];
  if (around.length > maxTokens) return `more special tokens than ${maxTokens}`;
  const isValid = [...around, ...controls].every((one) => one < spec.vocabSize);
  return isValid && new Set(controls).size === controls.length
    ? null
    : `special ids ${shown([...around, ...controls])}`;
}
