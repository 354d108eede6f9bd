import { describe, expect, it } from 'vitest';
import { entitiesOf, entityScores } from '../../../src/train/evaluation/entities.ts';

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

describe('entityScores', () => {
  it('is .5 thrice in the example of the documentation of seqeval: one of two entities is right', () => {
    const gold = [
      ['O', 'O', 'O', 'B-MISC', 'I-MISC', 'I-MISC', 'O'],
      ['B-PER', 'I-PER', 'O'],
    ];
    const predicted = [
      ['O', 'O', 'B-MISC', 'I-MISC', 'I-MISC', 'I-MISC', 'O'],
      ['B-PER', 'I-PER', 'O'],
    ];
    expect(entityScores(predicted, gold)).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5 });
  });

  it('has precision of what is predicted and recall of what is gold', () => {
    const gold = [['B-x', 'O', 'B-x', 'I-x'], ['B-y']];
    const predicted = [['B-x', 'O', 'O', 'O'], ['O']];
    expect(entityScores(predicted, gold)).toEqual({ precision: 1, recall: 1 / 3, f1: 0.5 });
    expect(entityScores(gold, predicted)).toEqual({ precision: 1 / 3, recall: 1, f1: 0.5 });
  });

  it('has an F1 of 1 where no text has an entity, and of 0 where only one side does', () => {
    expect(entityScores([['O']], [['O']])).toEqual({ precision: 1, recall: 1, f1: 1 });
    expect(entityScores([['B-x']], [['O']])).toEqual({ precision: 0, recall: 1, f1: 0 });
    expect(entityScores([['O']], [['B-x']])).toEqual({ precision: 1, recall: 0, f1: 0 });
  });
});
