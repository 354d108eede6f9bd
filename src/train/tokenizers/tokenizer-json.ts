/**
 * Reads the tokenizer of a Hugging Face model directory: `tokenizer.json`, or the files of before. Special
 * tokens inside a text are text: a text cannot end itself with `[SEP]`, as it can in Hugging Face's own tokenizers.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileFault } from '../file-fault.ts';
import { isFolder } from '../is-folder.ts';
import { readBpe } from './bpe-json.ts';
import { fromMergesText, fromVocabText } from './older-files.ts';
import { type PairTemplate, readPostProcessor } from './post-processor.ts';
import { readParts, type TokenizerJson } from './tokenizer-json-parts.ts';
import { readUnigram } from './unigram-json.ts';
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
 * @param directory with `tokenizer.json`, or with `vocab.txt`, or with `vocab.json` and `merges.txt`, and perhaps
 *   `tokenizer_config.json` beside the latter
 * @throws InputError with code `unsupported_tokenizer` that names the part that Retort cannot run and what it can, or
 *   `invalid_tokenizer` where there is no such file or it is damaged
 */
export async function readTokenizer(directory: string): Promise<TokenizerFile> {
  const read = (name: string): Promise<string | null> => readText(join(directory, name));
  const text = await read('tokenizer.json');
  if (text !== null) return parseTokenizer(parseJson(text, 'tokenizer.json'));
  const config = parseJson((await read('tokenizer_config.json')) ?? '{}', 'tokenizer_config.json');
  const vocabText = await read('vocab.txt');
  if (vocabText !== null) return parseTokenizer(fromVocabText(vocabText, config));
  const [vocabJson, mergesText] = [await read('vocab.json'), await read('merges.txt')];
  if (vocabJson === null || mergesText === null) {
    const got = (await isFolder(directory))
      ? 'none of them; name the folder of the model'
      : 'no such folder; check the path';
    throw invalidTokenizer(directory, `expected tokenizer.json, vocab.txt, or vocab.json and merges.txt, got ${got}`);
  }
  return parseTokenizer(fromMergesText(parseJson(vocabJson, 'vocab.json'), mergesText, config));
}

/** The text of a file, or null where there is none. */
async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw invalidTokenizer(path, `expected a file, got ${fileFault(cause)}; check the path`, cause);
  }
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidTokenizer(name, `expected JSON, got ${(cause as Error).message}`, cause);
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
  if (type === 'BPE') return readBpe(json, special);
  if (type === 'Unigram') return readUnigram(json, special);
  throw unsupported('model', type, 'WordPiece, BPE or Unigram');
}
