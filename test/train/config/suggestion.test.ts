import { describe, expect, it } from 'vitest';
import { suggestKey } from '../../../src/train/config/suggestion.ts';

const KNOWN = ['name', 'students', 'hiddenSize', 'to'];

describe('suggestKey', () => {
  it.each([
    ['naem', 'name'],
    ['Name', 'name'],
    ['student', 'students'],
    ['hidden_size', 'hiddenSize'],
    ['HIDDENSIZES', 'hiddenSize'],
    ['t', 'to'],
  ])('asks of %s whether it was meant to be %s', (key, meant) => {
    expect(suggestKey(key, KNOWN)).toBe(`did you mean ${meant}?`);
  });

  it('names all known keys where none is near', () => {
    expect(suggestKey('temperature', KNOWN)).toBe('known keys are name, students, hiddenSize, to');
  });

  it('lets a long key differ in a third of its letters, and in no more', () => {
    expect(suggestKey('abcdefghi', ['abcdefxyz'])).toBe('did you mean abcdefxyz?');
    expect(suggestKey('abcdefghi', ['abcdewxyz'])).toBe('known keys are abcdewxyz');
  });
});
