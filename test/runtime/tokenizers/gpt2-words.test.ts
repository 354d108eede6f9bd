import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wordEnd } from '../../../src/runtime/tokenizers/gpt2-words.ts';
import '../../support/seeded-properties.ts';

/** What the reference cuts with, with its `\s` as Unicode's white space. */
const WORDS =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
const CHARACTERS = [...' \t\n\u0085\ufeff', "'", ...'srevtlmdañЖ漢7½!.', '😀', '𝐀', '𠀀', '\ud800', '\udc00'];

it('cuts a text into the words that the regular expression of the reference matches', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 30 }), (characters) => {
      const text = characters.join('');
      const words: string[] = [];
      for (let at = 0; at < text.length; at += words[words.length - 1].length) {
        words.push(text.slice(at, wordEnd(text, at)));
      }
      expect(words).toEqual(text.match(WORDS) ?? []);
    }),
    { numRuns: 2000 },
  );
});
