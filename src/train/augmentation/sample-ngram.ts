/**
 * N-gram sampling (Tang et al. 2019, section 3.2): a stretch of one to five words stands for the text, which tells a student
 * what the teacher thinks of each part.
 */
import { drawIndex } from './draws.ts';
import type { AugmentationMethod } from './method.ts';
import { splitTokens, wordPositions } from './tokens.ts';

const MAX_WORDS = 5;

/** Takes a stretch of words, with what stands between them, and leaves the rest. */
export const sampleNgram: AugmentationMethod = (text, random) => {
  const tokens = splitTokens(text);
  const words = wordPositions(tokens);
  if (words.length < 2) return text;
  const length = 1 + drawIndex(random, Math.min(MAX_WORDS, words.length - 1));
  const start = drawIndex(random, words.length - length + 1);
  return tokens.slice(words[start], words[start + length - 1] + 1).join('');
};
