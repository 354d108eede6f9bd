/**
 * Words of a text and what stands between them. Own rules and not those of `Intl.Segmenter`, whose dictionaries change
 * from one version of Node to the next: the same seed has to give the same rows everywhere.
 */

/** Scripts that put no spaces between words: each character counts as one. */
const UNSPACED = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}]';
const TOKEN = new RegExp(`\\s+|${UNSPACED}|(?:(?!${UNSPACED})[\\p{L}\\p{M}\\p{N}'’_])+|.`, 'gsu');
const WORD = /[\p{L}\p{N}]/u;

/** Cuts a text; joined without anything between them, the tokens are the text again. */
export function splitTokens(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

/** Positions of the tokens that hold a letter or a digit. */
export function wordPositions(tokens: readonly string[]): number[] {
  return tokens.flatMap((token, position) => (WORD.test(token) ? [position] : []));
}

/** The words of a text in lower case, in order. */
export function wordsOf(text: string): string[] {
  const tokens = splitTokens(text);
  return wordPositions(tokens).map((position) => tokens[position].toLowerCase());
}
