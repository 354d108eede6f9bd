/** Tiny encoders with random weights, which encoder-golden.py wrote together with what `transformers` makes of texts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EncoderOptions } from '../../src/train/teachers/encoder/encoder-config.ts';

/** What `transformers` says of one text. */
export interface GoldenRow {
  readonly ids: readonly number[];
  readonly mean: readonly number[];
  readonly cls: readonly number[];
  readonly logits: readonly number[];
}

export type TinyEncoder = 'bert' | 'distilbert' | 'roberta';

const FOLDER = join(import.meta.dirname, '..', 'train', 'teachers', 'encoder-golden');

/** Texts, most tokens of each, and the reference of each encoder. */
export const GOLDEN = JSON.parse(readFileSync(join(FOLDER, 'golden.json'), 'utf8')) as {
  readonly maxTokens: number;
  readonly labels: readonly string[];
  readonly texts: readonly string[];
  readonly models: Readonly<Record<TinyEncoder, readonly GoldenRow[]>>;
};

/** The model directory of a tiny encoder. */
export function tinyEncoder(name: TinyEncoder): string {
  return join(FOLDER, name);
}

/** Options of a frozen tiny encoder that reads what the reference read. */
export function tinyOptions(name: TinyEncoder, changes: Partial<EncoderOptions> = {}): EncoderOptions {
  const { maxTokens } = GOLDEN;
  const base = { kind: 'encoder', directory: tinyEncoder(name), maxTokens, maxCharacters: 1000 } as const;
  return { ...base, pooling: 'mean', head: 'fitted', fineTune: null, ...changes };
}
