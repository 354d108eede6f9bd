/**
 * Recombination of two texts (after Jia & Liang 2016, "Data Recombination for Neural Semantic Parsing"): the beginning of
 * one with the end of another is cut where people cut, after a punctuation mark, if there is one.
 */
import type { Random } from '../random.ts';
import { drawOne } from './draws.ts';
import type { AugmentationMethod } from './method.ts';
import { splitTokens, wordPositions } from './tokens.ts';

const BREAK = /^[.,;:!?…。，；：！？、]$/u;

/** Joins the first part of the text with the last part of a text drawn from the transfer set. */
export const recombineHalves: AugmentationMethod = (text, random, { texts }) => {
  const parts = cut(text, random);
  const others = cut(drawOne(random, texts), random);
  return parts === null || others === null ? text : parts[0] + others[1];
};

/** @returns two parts with words in both, the space between them in the first; null where there are fewer than two words */
function cut(text: string, random: Random): readonly [string, string] | null {
  const tokens = splitTokens(text);
  const words = wordPositions(tokens);
  if (words.length < 2) return null;
  const starts = words.slice(1);
  const afterBreaks = starts.filter((position, i) => tokens.slice(words[i] + 1, position).some(isBreak));
  const position = drawOne(random, afterBreaks.length > 0 ? afterBreaks : starts);
  return [tokens.slice(0, position).join(''), tokens.slice(position).join('')];
}

function isBreak(token: string): boolean {
  return BREAK.test(token);
}
