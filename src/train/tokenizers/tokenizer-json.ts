/**
 * Reads the tokenizer of a Hugging Face model directory: `tokenizer.json`, or the older `vocab.txt` of BERT. Special
 * tokens inside a text are text: a text cannot end itself with `[SEP]`, as it can in Hugging Face's own tokenizers.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PairTemplate, readPostProcessor } from './post-processor.ts';
import { readParts, type TokenizerJson } from './tokenizer-json-parts.ts';
import { invalidTokenizer, unsupported } from './unsupported.ts';
import type { Vocabulary } from './vocabulary.ts';
import { readWordPiece } from './word-piece-json.ts';

/** A tokenizer as it is read from a directory, ready for `createTokenizer(spec, limits, tensors)`. */
export interface TokenizerFile extends Vocabulary {
  /** The id that fills up a batch, or null where the tokenizer names none. */
  readonly padId: number | null;
  /** How two texts are put together; `spec` is about one. */
  readonly pair: PairTemplate | null;
}

/** Spellings of the token that fills up a batch. */
const PAD_TOKENS: readonly string[] = ['[PAD]', '<pad>'];

/**
 * @param directory with `tokenizer.json`
 * @throws InputError with code `unsupported_tokenizer` that names the part that Retort cannot run and what it can, or
 *   `invalid_tokenizer` where there is no such file or it is damaged
 */
export async function readTokenizer(directory: string): Promise<TokenizerFile> {
  const path = join(directory, 'tokenizer.json');
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw invalidTokenizer(path, `expected a file, got ${cause.code}`, cause);
  });
  return parseTokenizer(parseJson(text, path));
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidTokenizer(path, `expected JSON, got ${(cause as Error).message}`, cause);
  }
}

/** The tokenizer of a `tokenizer.json` that is parsed as JSON. */
export function parseTokenizer(value: unknown): TokenizerFile {
  const json = readParts(value);
  const { single, pair } = readPostProcessor(json.post_processor);
  const pad = json.added_tokens.find(({ content }) => PAD_TOKENS.includes(content));
  const file = { ...readModel(json, single), padId: pad?.id ?? null, pair };
  for (const id of [...single.prefixIds, ...single.suffixIds, file.spec.unknownId]) {
    if (!(id >= 0 && id < file.spec.vocabSize)) {
      throw invalidTokenizer('special tokens', `expected ids below ${file.spec.vocabSize}, got ${id}`);
    }
  }
  return file;
}

function readModel(json: TokenizerJson, special: Parameters<typeof readWordPiece>[1]): Vocabulary {
  const { type } = json.model;
  if (type === 'WordPiece') return readWordPiece(json, special);
  throw unsupported('model', type ?? 'no type', 'WordPiece');
}
