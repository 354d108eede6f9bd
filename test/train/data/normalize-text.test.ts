import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeText } from '../../../src/train/data/normalize-text.ts';

describe('normalizeText', () => {
  it.each([
    ['  You WON,\tnow! ', 'you won now'],
    ["don't-stop", 'don t stop'],
    ['ﬁve ５ €', 'five 5'],
    ['北京，你好。', '北京 你好'],
    [':-)', ':-)'],
    [' ! \n !', '! !'],
  ])('makes %j %j', (text, normalized) => {
    expect(normalizeText(text)).toBe(normalized);
  });

  it('changes nothing the second time, and gives no empty text for one that is not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = normalizeText(text);
        expect(normalizeText(once)).toBe(once);
        if (text.trim() !== '') expect(once).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });
});
