/**
 * Whole vocabularies, which are too large for fixtures, against Hugging Face's `tokenizers`: the directories of
 * RETORT_TOKENIZERS (separated by colons), on the texts of the fixtures and the lines of the file RETORT_TEXTS. Needs the
 * Python of RETORT_PYTHON to have `tokenizers`; part of `npm run check:python`. scripts/tokenizer-parity.ts compares more.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readGolden } from './golden.ts';
import { compareTokenizers } from './parity.ts';

const { RETORT_PYTHON: python = 'python3', RETORT_TOKENIZERS: directories = '', RETORT_TEXTS: file } = process.env;
const { languages, texts: sentences } = readGolden('bpe-golden.json');
const lines = file === undefined ? [] : readFileSync(file, 'utf8').split('\n');
const texts = [...sentences, ...lines];
const script = fileURLToPath(new URL('parity.py', import.meta.url));

describe.skipIf(directories === '')('a whole vocabulary', () => {
  it.each(directories.split(':'))('of %s gives the ids of the reference', async (directory) => {
    const { tool, tokens, divergences } = await compareTokenizers(directory, texts, script, python);
    const count = tokens.reduce((a, b) => a + b, 0);
    process.stdout.write(
      `${directory}, ${tool}: ${languages.length} languages, ${texts.length} texts, ${count} tokens, ${divergences.length} texts differ\n`,
    );
    expect(divergences).toEqual([]);
  });
});
