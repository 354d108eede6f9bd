import { describe, expect, it } from 'vitest';
import { classifier } from '../../../src/runtime/tokenizers/characters.ts';

describe('classes of characters', () => {
  it.each([
    ['ASCII', 'a', 1],
    ['another alphabet', 'я', 1],
    ['a lone surrogate', '\udc00', 1],
    ['the second plane', '😀', 1],
    ['a plane of ideographs', '𠀀', 3],
  ])('are the same each time, and asked for once in the first two planes: %s', (_, character, asked) => {
    const questions: string[] = [];
    const classAt = classifier((given) => {
      questions.push(given);
      return given === character ? 255 : 1;
    });
    const text = `${character}.${character}`;
    expect([0, character.length, character.length + 1, 0].map((at) => classAt(text, at))).toEqual([255, 1, 255, 255]);
    expect(questions.filter((given) => given === character)).toHaveLength(asked);
  });
});
