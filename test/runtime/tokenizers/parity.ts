/** Compares the runtime's tokenizers with Hugging Face's `tokenizers` on any texts. */
import { execFileSync } from 'node:child_process';
import { readPieces } from '../../../src/format/index.ts';
import { createTokenizer } from '../../../src/runtime/index.ts';
import { readTokenizer } from '../../../src/train/tokenizers/tokenizer-json.ts';
import { idsOf } from './golden.ts';

/**
 * Why the two cut a text otherwise. `normalization`: they read other characters, as the reference reorders no combining
 * marks that its table does not have, and Retort does as Unicode asks. `sums`: the same characters, and two cuts that
 * are as good but for the rounding of sums, in F32 here as in SentencePiece and in F64 there.
 */
export type Cause = 'normalization' | 'sums';

/** A text that the two cut otherwise. */
export interface Divergence {
  readonly cause: Cause;
  readonly text: string;
  readonly expected: readonly number[];
  readonly got: readonly number[];
}

/** What came of a comparison. */
export interface Parity {
  /** The reference and its version. */
  readonly tool: string;
  readonly kind: string;
  readonly vocabSize: number;
  /** Tokens of each text. */
  readonly tokens: readonly number[];
  readonly divergences: readonly Divergence[];
}

/**
 * @param directory of a tokenizer, as `readTokenizer` takes it; its special tokens are left out
 * @param script parity.py
 * @param python that has `tokenizers`
 */
export async function compareTokenizers(
  directory: string,
  texts: readonly string[],
  script: string,
  python: string,
): Promise<Parity> {
  const output = execFileSync(python, [script, directory], { input: JSON.stringify(texts), maxBuffer: 2 ** 30 });
  const lines = output.toString().trimEnd().split('\n');
  const [tool, ...expected] = lines.map((line) => JSON.parse(line));
  const { spec, tensors } = await readTokenizer(directory);
  const plain = { ...spec, prefixIds: [], suffixIds: [] };
  const tokenizer = createTokenizer(plain, { maxCharacters: 1_000_000, maxTokens: 500_000 }, tensors);
  const pieces = readPieces(tensors, spec.kind !== 'bpe');
  const spelled = (ids: readonly number[]): string => ids.map((id) => pieces[id]).join('');
  const divergences: Divergence[] = [];
  const tokens = texts.map((text, i) => {
    const got = idsOf(tokenizer, text);
    if (JSON.stringify(got) !== JSON.stringify(expected[i])) {
      const cause: Cause = spelled(got) === spelled(expected[i]) ? 'sums' : 'normalization';
      divergences.push({ cause, text, expected: expected[i], got });
    }
    return got.length;
  });
  return { tool, kind: spec.kind, vocabSize: spec.vocabSize, tokens, divergences };
}
