import { describe, expect, it } from 'vitest';
import { entitiesOf, entityF1 } from '../../../src/train/evaluation/entities.ts';

describe('entitiesOf', () => {
  it.each([
    ['', []],
    ['O O', []],
    ['B-x I-x O', ['0:2:x']],
    ['B-x B-x', ['0:1:x', '1:2:x']],
    // What conlleval and seqeval make of tags that are not IOB2.
    ['O I-x I-x', ['1:3:x']],
    ['B-x I-y', ['0:1:x', '1:2:y']],
    ['I-x O I-x', ['0:1:x', '2:3:x']],
    ['B-x I-x I-y B-y', ['0:2:x', '2:3:y', '3:4:y']],
    // Labels without a prefix.
    ['NOUN NOUN O', ['0:1:NOUN', '1:2:NOUN']],
    ['B-a-b I-a-b', ['0:2:a-b']],
  ])('finds the entities of %j', (tags, entities) => {
    expect(entitiesOf(tags === '' ? [] : tags.split(' '))).toEqual(entities);
  });
});

describe('entityF1', () => {
  it('is the example of the documentation of seqeval, 0.5: one of two entities is right', () => {
    const gold = [
      ['O', 'O', 'O', 'B-MISC', 'I-MISC', 'I-MISC', 'O'],
      ['B-PER', 'I-PER', 'O'],
    ];
    const predicted = [
      ['O', 'O', 'B-MISC', 'I-MISC', 'I-MISC', 'I-MISC', 'O'],
      ['B-PER', 'I-PER', 'O'],
    ];
    expect(entityF1(predicted, gold)).toBe(0.5);
  });

  it('is 1 where no text has an entity, and 0 where only one side does', () => {
    expect(entityF1([['O']], [['O']])).toBe(1);
    expect(entityF1([['B-x']], [['O']])).toBe(0);
  });
});
