/** What a committed Python script wrote: texts, tokenizers, and the ids that the reference implementation gives. */
import { readFileSync } from 'node:fs';
import { createTokenizer, type Limits, type Tokenizer } from '../../../src/runtime/index.ts';
import { parseTokenizer } from '../../../src/train/tokenizers/tokenizer-json.ts';

/** A fixture of Hugging Face's `tokenizers`. */
export interface Golden {
  readonly tool: string;
  readonly languages: readonly string[];
  readonly texts: readonly string[];
  /** By name: a `tokenizer.json`, and the ids of each text. */
  readonly tokenizers: Readonly<
    Record<string, { readonly tokenizer: unknown; readonly ids: readonly (readonly number[])[] }>
  >;
}

/** @param name of a file beside this one */
export function readGolden(name: string): Golden {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

/** The runtime's tokenizer for a parsed `tokenizer.json`. */
export function tokenizerOf(json: unknown, limits: Partial<Limits> = {}): Tokenizer {
  const { spec, tensors } = parseTokenizer(json);
  return createTokenizer(spec, { maxCharacters: 2000, maxTokens: 1000, ...limits }, tensors);
}

/** The ids of a text. */
export function idsOf(tokenizer: Tokenizer, text: string): number[] {
  const { count } = tokenizer.encode(text);
  return [...tokenizer.ids.slice(0, count)];
}
