/** Other capitals (one of the invariances of Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing ... with CheckList"). */
import { drawOne, drawSome } from './draws.ts';
import type { AugmentationMethod } from './method.ts';
import { splitTokens, wordPositions } from './tokens.ts';

const FORMS: readonly AugmentationMethod[] = [
  (text) => text.toLowerCase(),
  (text) => text.toUpperCase(),
  (text) => mapWords(text, capitalize),
  capitalize,
  (text, random, { rate }) => {
    const tokens = splitTokens(text);
    for (const position of drawSome(random, wordPositions(tokens), rate)) {
      tokens[position] = tokens[position].toUpperCase();
    }
    return tokens.join('');
  },
];

/** Writes the text in small letters, in capitals, as a title, as a sentence, or with some words shouted. */
export const caseNoise: AugmentationMethod = (text, random, context) => {
  const others = FORMS.map((form) => form(text, random, context)).filter((form) => form !== text);
  return others.length === 0 ? text : drawOne(random, others);
};

function mapWords(text: string, change: (word: string) => string): string {
  const tokens = splitTokens(text);
  for (const position of wordPositions(tokens)) tokens[position] = change(tokens[position]);
  return tokens.join('');
}

function capitalize(text: string): string {
  const [first = '', ...rest] = text;
  return first.toUpperCase() + rest.join('');
}
