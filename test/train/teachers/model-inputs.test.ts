import { describe, expect, it } from 'vitest';
import { inputsOf, wordAsked } from '../../../src/train/teachers/model-inputs.ts';

describe('inputsOf', () => {
  it('asks about a text as it is, and to tag about each of its words within it', () => {
    expect(inputsOf('play some jazz', undefined)).toEqual(['play some jazz']);
    const inputs = inputsOf('play some jazz', 'tag');
    expect(inputs.map(wordAsked)).toEqual([0, 1, 2].map((word) => ({ word, text: 'play some jazz' })));
    expect(new Set(inputs).size).toBe(3);
  });

  it('keeps the words of a text side by side when inputs are sorted by length and spelling', () => {
    const texts = ['a b c d e f g h i j k l', 'b b c d e f g h i j k l', 'a'];
    const sorted = texts
      .flatMap((text) => inputsOf(text, 'tag'))
      .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
    const order = sorted.map((input) => wordAsked(input).text);
    expect(order.filter((text, i) => text !== order[i - 1])).toEqual(['a', texts[0], texts[1]]);
  });
});
