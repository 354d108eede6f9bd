import { describe, expect, it } from 'vitest';
import { learnWordClasses } from '../../../src/train/augmentation/word-classes.ts';
import { createRandom, type Random } from '../../../src/train/random.ts';

/** Two kinds of words, 60 each, that stand in different places: `the <noun> can <verb> now`. */
const words = (prefix: string): string[] => Array.from({ length: 60 }, (_, i) => `${prefix}${i}`);
const NOUNS = words('noun');
const VERBS = words('verb');
const TEXTS = NOUNS.flatMap((noun, i) =>
  VERBS.filter((_, j) => (i * j) % 7 < 3).map((verb) => `The ${noun} can ${verb} now`),
);

const draws = (word: string, texts = TEXTS, random: Random = createRandom(1)): string[] => {
  const classes = learnWordClasses(texts);
  return Array.from({ length: 300 }, () => classes.draw(word, random));
};

describe('learnWordClasses', () => {
  it('draws nouns for a noun and verbs for a verb, never the word itself', () => {
    expect(draws('noun1').filter((word) => !NOUNS.includes(word) || word === 'noun1')).toEqual([]);
    expect(draws('verb1').filter((word) => !VERBS.includes(word) || word === 'verb1')).toEqual([]);
  });

  it('draws frequent words more often', () => {
    const drawn = draws('verb9');
    const times = (step: number): number => drawn.filter((word) => Number(word.slice(4)) % 7 === step).length / 8;
    // Verbs of every seventh number stand in every text, the others in fewer than half of them.
    expect(times(0)).toBeGreaterThan(times(1));
  });

  it('gives the same draws for the same seed', () => {
    expect(draws('noun1')).toEqual(draws('noun1'));
  });

  it('knows no class of a word that is rare or was never seen, and none at all of no text', () => {
    const classes = learnWordClasses([...TEXTS, 'the unicorn can fly now']);
    expect([classes.has('unicorn'), classes.has('nowhere'), classes.has('noun1')]).toEqual([false, false, true]);
    expect(learnWordClasses([]).has('noun1')).toBe(false);
  });
});
