/**
 * Whole vocabularies, which are too large for fixtures, against Hugging Face's `tokenizers`: the directories of
 * RETORT_TOKENIZERS (separated by colons), on the texts of the fixtures and the lines of the file RETORT_TEXTS. Needs the
 * Python of RETORT_PYTHON to have `tokenizers`; part of `npm run check:python`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from '../../../src/runtime/index.ts';
import { readTokenizer } from '../../../src/train/tokenizers/tokenizer-json.ts';
import { idsOf, readGolden } from './golden.ts';

const { RETORT_PYTHON: python = 'python3', RETORT_TOKENIZERS: directories = '', RETORT_TEXTS: file } = process.env;
const { languages, texts: sentences } = readGolden('bpe-golden.json');
const lines = file === undefined ? [] : readFileSync(file, 'utf8').split('\n');
const texts = [...sentences, ...lines];

describe.skipIf(directories === '')('a whole vocabulary', () => {
  it.each(directories.split(':'))('of %s gives the ids of the reference', async (directory) => {
    const script = new URL('parity.py', import.meta.url).pathname;
    const output = execFileSync(python, [script, directory], { input: JSON.stringify(texts), maxBuffer: 2 ** 30 });
    const [tool, ...expected] = output
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { spec, tensors } = await readTokenizer(directory);
    const plain = { ...spec, prefixIds: [], suffixIds: [] };
    const tokenizer = createTokenizer(plain, { maxCharacters: 1_000_000, maxTokens: 500_000 }, tensors);
    let tokens = 0;
    const different = texts.filter((text, i) => {
      const ids = idsOf(tokenizer, text);
      tokens += ids.length;
      return JSON.stringify(ids) !== JSON.stringify(expected[i]);
    });
    process.stdout.write(
      `${directory}, ${tool}: ${languages.length} languages, ${texts.length} texts, ${tokens} tokens, ${different.length} texts differ\n`,
    );
    expect(different).toEqual([]);
  });
});
