/**
 * Slips of fingers (the synthetic noise of Belinkov & Bisk 2018, "Synthetic and Natural Noise Both Break Neural Machine
 * Translation"): the key beside the right one, two letters swapped, one left out, one struck twice.
 */
import type { Random } from '../random.ts';
import { drawIndex, drawOne, drawSome } from './draws.ts';
import type { AugmentationMethod } from './method.ts';
import { splitTokens, wordPositions } from './tokens.ts';

/** Rows of a QWERTY keyboard. Neighbours are those beside a key and those above and below it. */
const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
/** Shorter words are other words, or none, after a slip. */
const MIN_LETTERS = 4;

const NEIGHBOURS: ReadonlyMap<string, string> = new Map(
  ROWS.flatMap((row, r) => [...row].map((key, i) => [key, neighboursOf(r, i)] as const)),
);

function neighboursOf(row: number, position: number): string {
  const beside = [-1, 1].map((step) => ROWS[row][position + step]);
  // Each row stands half a key to the right of the one above it.
  const above = [0, 1].map((step) => ROWS[row - 1]?.[position + step]);
  const below = [-1, 0].map((step) => ROWS[row + 1]?.[position + step]);
  return [...beside, ...above, ...below].filter((key) => key !== undefined).join('');
}

/** Strikes some words wrong, each in one place. */
export const keyboardNoise: AugmentationMethod = (text, random, { rate }) => {
  const tokens = splitTokens(text);
  const long = wordPositions(tokens).filter((position) => [...tokens[position]].length >= MIN_LETTERS);
  for (const position of drawSome(random, long, rate)) tokens[position] = slip([...tokens[position]], random);
  return tokens.join('');
};

function slip(letters: string[], random: Random): string {
  // People see to the first letter.
  const i = 1 + drawIndex(random, letters.length - 2);
  const kind = drawIndex(random, 4);
  if (kind === 0) [letters[i], letters[i + 1]] = [letters[i + 1], letters[i]];
  else if (kind === 1) letters.splice(i, 1);
  else if (kind === 2) letters.splice(i, 0, letters[i]);
  else letters[i] = besideKey(letters[i], random);
  return letters.join('');
}

function besideKey(letter: string, random: Random): string {
  const neighbours = NEIGHBOURS.get(letter.toLowerCase());
  if (neighbours === undefined) return letter;
  const key = drawOne(random, neighbours);
  return letter === letter.toLowerCase() ? key : key.toUpperCase();
}
