/**
 * Replacement of words by others of their class, as likely as they are frequent. Tang et al. 2019 (section 3.2, "POS-guided
 * word replacement") take classes from a tagger; these are learned from the transfer set, so that any language has them.
 */
import { drawSome } from './draws.ts';
import type { AugmentationMethod } from './method.ts';
import { splitTokens, wordPositions } from './tokens.ts';

/** Replaces words that have a class; case follows the word that was there. */
export const replaceWords: AugmentationMethod = (text, random, { rate, classes }) => {
  const tokens = splitTokens(text);
  const known = wordPositions(tokens).filter((position) => classes.has(tokens[position].toLowerCase()));
  for (const position of drawSome(random, known, rate)) {
    const word = tokens[position];
    tokens[position] = inCaseOf(word, classes.draw(word.toLowerCase(), random));
  }
  return tokens.join('');
};

function inCaseOf(model: string, word: string): string {
  if (model.length > 1 && model === model.toUpperCase() && model !== model.toLowerCase()) return word.toUpperCase();
  const [first] = model;
  if (first === first.toLowerCase()) return word;
  const [head, ...tail] = word;
  return head.toUpperCase() + tail.join('');
}
