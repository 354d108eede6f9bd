import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AugmentationContext } from '../../../src/train/augmentation/method.ts';
import { METHOD_NAMES, type MethodName, methodOf } from '../../../src/train/augmentation/methods.ts';
import { splitTokens, wordPositions, wordsOf } from '../../../src/train/augmentation/tokens.ts';
import { learnWordClasses } from '../../../src/train/augmentation/word-classes.ts';
import { createRandom } from '../../../src/train/random.ts';

const TEXTS = ['The red cat sat here.', 'A blue dog ran there!', 'the old cow lay 12 days, then it got up'];
const CONTEXT: AugmentationContext = { rate: 0.3, maskToken: '', classes: learnWordClasses([]), texts: TEXTS };

const vary = (method: MethodName, text: string, seed: number, context = CONTEXT): string =>
  methodOf(method)(text, createRandom(seed), context);
/** What a method makes of a text under many seeds. */
const variations = (method: MethodName, text: string, context = CONTEXT): string[] =>
  Array.from({ length: 200 }, (_, seed) => vary(method, text, seed, context));

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(fc.constantFrom('cat', 'Dogs', ' ', ', ', '12', 'a@b.org', '北京', "isn't", '😀', '\n'), { maxLength: 20 })
    .map((parts) => parts.join('')),
);

describe('splitTokens', () => {
  it('loses nothing of any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(splitTokens(text).join('')).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('takes words, numbers, signs and characters of unspaced scripts one by one', () => {
    expect(splitTokens("It isn't 12.5, Köln!")).toEqual([
      'It',
      ' ',
      "isn't",
      ' ',
      '12',
      '.',
      '5',
      ',',
      ' ',
      'Köln',
      '!',
    ]);
    expect(splitTokens('去abc北京。')).toEqual(['去', 'abc', '北', '京', '。']);
    expect(wordPositions(['It', ' ', '!', '北', '12'])).toEqual([0, 3, 4]);
    expect(wordsOf('It, IT')).toEqual(['it', 'it']);
  });
});

describe.each(METHOD_NAMES)('%s', (method) => {
  it('takes any text, and gives the same text for the same seed', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), (text, seed) => {
        const once = vary(method, text, seed);
        expect(once).toBe(vary(method, text, seed));
        // No half of a character is left behind.
        expect(once).not.toMatch(/\p{Cs}/u);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves a text without a letter or a digit as it is', () => {
    for (const text of ['', ' ', ':-)', '...', '😀']) expect(vary(method, text, 3)).toBe(text);
  });
});

describe('mask', () => {
  it('leaves words out, some always and never all, and one space with each', () => {
    for (const text of variations('mask', 'one two three four')) {
      expect(text).toMatch(/^(one|two|three|four)( (two|three|four))*$/);
      expect(text).not.toBe('one two three four');
    }
  });

  it('puts the token that it is told in the place of words', () => {
    const masked = variations('mask', 'one two', { ...CONTEXT, maskToken: '[MASK]' });
    expect(new Set(masked)).toEqual(new Set(['[MASK] two', 'one [MASK]']));
  });

  it('masks more words at a higher rate', () => {
    const kept = (rate: number): number =>
      variations('mask', TEXTS[2], { ...CONTEXT, rate }).reduce((sum, text) => sum + wordsOf(text).length, 0);
    expect(kept(0.1)).toBeGreaterThan(kept(0.5));
  });
});

describe('replace', () => {
  const others: Readonly<Record<string, readonly string[]>> = { cat: ['dog', 'cow'] };
  const classes: AugmentationContext['classes'] = {
    has: (word) => Object.hasOwn(others, word),
    draw: (word, random) => others[word][random.uint32() % others[word].length],
  };
  const context = { ...CONTEXT, classes, rate: 1 };

  it('puts a word of the same company in the place of another, in its case', () => {
    const words = new Set(variations('replace', 'The Cat runs', context).map((text) => text.split(' ')[1]));
    expect(words).toEqual(new Set(['Dog', 'Cow']));
    expect(vary('replace', 'THE CAT', 1, context)).toMatch(/^THE (DOG|COW)$/);
  });

  it('leaves words alone that it does not know', () => {
    expect(vary('replace', 'nobody knows these', 1, context)).toBe('nobody knows these');
  });
});

describe('ngram', () => {
  it('takes one to five words in their order, fewer than the text has', () => {
    const [text, all] = [TEXTS[2], wordsOf(TEXTS[2]).join(' ')];
    const lengths = variations('ngram', text).map((part) => {
      expect(text).toContain(part);
      expect(all).toContain(wordsOf(part).join(' '));
      return wordsOf(part).length;
    });
    expect(new Set(lengths)).toEqual(new Set([1, 2, 3, 4, 5]));
  });
});

describe('recombine', () => {
  it('joins a beginning with the end of a text of the set, one space between them', () => {
    for (const text of variations('recombine', 'we went, they came')) {
      expect(text).toMatch(/^we went, /);
      const end = text.slice('we went, '.length);
      expect(TEXTS.some((one) => one.endsWith(end) && one !== end)).toBe(true);
      expect(text).not.toMatch(/\s{2}/);
    }
  });

  it('puts no space where the script has none', () => {
    expect(vary('recombine', '去，北', 1, { ...CONTEXT, texts: ['我，来'] })).toBe('去，来');
  });
});

describe('keyboard', () => {
  it('changes a long word by one slip and keeps its first letter', () => {
    for (const text of variations('keyboard', 'a Parcel, is')) {
      expect(text).toMatch(/^a P[a-z]{4,6}, is$/);
    }
  });

  it('knows the keys beside a key', () => {
    const struck = variations('keyboard', 'aaga').filter(
      (text) => text.length === 4 && text.startsWith('aa') && text.endsWith('a'),
    );
    expect(new Set(struck.map((text) => text[2]))).toEqual(new Set([...'fhtyvb']));
  });
});

describe('case', () => {
  it('changes capitals and nothing else', () => {
    for (const text of variations('case', TEXTS[0])) {
      expect(text.toLowerCase()).toBe(TEXTS[0].toLowerCase());
      expect(text).not.toBe(TEXTS[0]);
    }
    expect(new Set(variations('case', 'red cat'))).toEqual(
      new Set(['RED CAT', 'Red Cat', 'Red cat', 'RED cat', 'red CAT']),
    );
  });
});

describe('details', () => {
  it('keeps the shape of numbers, addresses and links, and all that stands around them', () => {
    const text = 'Pay 105 by 07, ask Ann.Lee2@mail.example.com or https://www.shop.org/item7?q=1.';
    for (const other of variations('details', text)) {
      expect(other).toMatch(
        /^Pay [1-9]\d\d by 0\d, ask [A-Z][a-z]{2}\.[A-Z][a-z]{2}\d@[a-z]{4}\.[a-z]{7}\.com or https:\/\/www\.[a-z]{4}\.org\/[a-z]{4}\d\?[a-z]=\d\.$/,
      );
    }
    expect(new Set(variations('details', text)).size).toBeGreaterThan(150);
  });
});
