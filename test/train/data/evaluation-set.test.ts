import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/format/index.ts';
import { evaluationSet } from '../../../src/train/data/evaluation-set.ts';
import { rowOf } from '../../support/rows.ts';

const TASK = { labels: ['ham', 'spam'], multiLabel: false };

describe('evaluationSet', () => {
  it('has the texts and targets of the rows in their order, and no teacher', () => {
    expect(evaluationSet([rowOf('b', 'spam'), rowOf('a', 'ham')], TASK, 'rows.csv')).toEqual({
      ...TASK,
      texts: ['b', 'a'],
      targets: [Float32Array.of(0, 1), Float32Array.of(1, 0)],
      teacherLogits: null,
      teacherFeatures: null,
    });
  });

  it('has targets of several labels and of none for a multi-label student', () => {
    const rows = [rowOf('a', 'spam', 'ham'), { ...rowOf('b'), labels: [] }];
    const { targets } = evaluationSet(rows, { ...TASK, multiLabel: true }, 'rows.csv');
    expect(targets).toEqual([Float32Array.of(1, 1), Float32Array.of(0, 0)]);
  });

  it.each([
    ['no rows', [], 'rows.csv: expected rows, got none'],
    ['a row without a label', [rowOf('a', 'ham'), rowOf('b')], 'rows.csv: row b: expected a label, got none'],
    [
      'a label that the student does not know',
      [rowOf('b', 'egg')],
      'rows.csv: row b: expected one of ham, spam, got the unknown label egg',
    ],
  ])('refuses %s, and names place and row', (_, rows, message) => {
    const make = (): unknown => evaluationSet(rows, TASK, 'rows.csv');
    expect(make).toThrow(InputError);
    expect(make).toThrow(expect.objectContaining({ code: 'invalid_data' }));
    expect(make).toThrow(message);
  });
});
