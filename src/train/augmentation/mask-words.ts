/**
 * Masking (Tang et al. 2019, "Distilling Task-Specific Knowledge from BERT into Simple Neural Networks", section 3.2):
 * what a word contributes shows where it is missing. Where words are left out and not replaced, this is the word dropout
 * of Iyyer et al. 2015, which suits teachers that know no mask.
 */
import { drawSome } from './draws.ts';
import type { AugmentationMethod } from './method.ts';
import { splitTokens, wordPositions } from './tokens.ts';

/** Masks words, never all of them. */
export const maskWords: AugmentationMethod = (text, random, { rate, maskToken }) => {
  const tokens = splitTokens(text);
  const words = wordPositions(tokens);
  if (words.length < 2) return text;
  const masked = drawSome(random, words, rate);
  if (masked.length === words.length) masked.pop();
  for (const position of masked) {
    tokens[position] = maskToken;
    // One of the two spaces around a word goes with it.
    if (maskToken === '' && /^\s/.test(tokens[position + 1] ?? '')) tokens[position + 1] = '';
  }
  return tokens.join('').trim();
};
