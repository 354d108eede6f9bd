/** The parts of a Hugging Face `tokenizer.json` that every model has. */
import * as v from 'valibot';
import { MAX_VOCAB_SIZE } from '../../format/index.ts';
import { invalidTokenizer, parsePart, unsupported } from './unsupported.ts';

const PART = v.looseObject({ type: v.string() });

const ADDED_TOKEN = v.object({
  id: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_VOCAB_SIZE - 1)),
  content: v.string(),
  special: v.boolean(),
});

const TOKENIZER_JSON = v.object({
  added_tokens: v.optional(v.array(ADDED_TOKEN), []),
  normalizer: v.nullish(PART),
  pre_tokenizer: v.nullish(PART),
  post_processor: v.nullish(PART),
  model: PART,
});

/** A normalizer, pre-tokenizer, post-processor or model: what else is in it depends on its type. */
export interface TokenizerPart {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A token beside the vocabulary of the model. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
}

/** What of a `tokenizer.json` is read; `truncation` and `padding` are for the caller to decide. */
export interface TokenizerJson {
  readonly added_tokens: readonly AddedToken[];
  readonly normalizer?: TokenizerPart | null | undefined;
  readonly pre_tokenizer?: TokenizerPart | null | undefined;
  readonly post_processor?: TokenizerPart | null | undefined;
  readonly model: TokenizerPart;
}

/** @throws InputError with code `invalid_tokenizer` */
export function readParts(value: unknown): TokenizerJson {
  return parsePart(TOKENIZER_JSON, value, 'tokenizer.json');
}

/** Ids by piece. Not valibot's `record`, which drops the word "constructor". */
export const VOCAB: v.CustomSchema<Readonly<Record<string, number>>, undefined> = v.custom(
  (value) => typeof value === 'object' && value !== null && Object.values(value).every(isId),
);

function isId(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < MAX_VOCAB_SIZE;
}

/**
 * The pieces of a vocabulary by their ids, added tokens included.
 *
 * @throws InputError where ids leave a gap, or an added token would have to be found in texts
 */
export function piecesInOrder(
  vocab: Readonly<Record<string, number>>,
  added: TokenizerJson['added_tokens'],
): readonly string[] {
  const pieces: string[] = [];
  for (const [piece, id] of Object.entries(vocab)) pieces[id] = piece;
  for (const { id, content, special } of added) {
    const isPiece = pieces[id] === content;
    if (!isPiece && !special) throw unsupported('added_tokens', content, 'special tokens only');
    if (pieces[id] !== undefined && !isPiece) {
      throw invalidTokenizer('added_tokens', `expected ${content} under an id of its own, got that of ${pieces[id]}`);
    }
    pieces[id] = content;
  }
  for (let id = 0; id < pieces.length; id++) {
    if (pieces[id] === undefined)
      throw invalidTokenizer('model.vocab', `expected every id up to ${pieces.length - 1}, got no ${id}`);
  }
  return pieces;
}
