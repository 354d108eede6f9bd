import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/train/data/dataset.ts';
import { tellLeaks } from '../../../src/train/data/leaks.ts';
import { rowOf } from '../../support/rows.ts';

const DATASET: Dataset = {
  name: 'mails',
  labels: ['ham', 'spam'],
  multiLabel: false,
  teacherField: 'text',
  studentField: 'text',
  train: [rowOf('you won', 'spam'), rowOf('lunch', 'ham')],
  dev: [rowOf('meet me', 'ham')],
  test: [rowOf('click here', 'spam')],
};

function told(dataset: Dataset): readonly string[] {
  const lines: string[] = [];
  tellLeaks(dataset, (line) => lines.push(line));
  return lines;
}

describe('tellLeaks', () => {
  it('says nothing where the splits have nothing in common', () => {
    expect(told(DATASET)).toEqual([]);
  });

  it('counts the rows that another split holds in another spelling', () => {
    const leaking = {
      ...DATASET,
      test: [rowOf('You  WON!', 'spam'), rowOf('Meet, me', 'ham'), rowOf('lunch?', 'ham')],
    };
    expect(told(leaking)).toEqual([
      expect.stringMatching(/^data: dev: 1 rows are in test too, but for case, spaces or punctuation;/),
      expect.stringMatching(/^data: train: 2 rows are in dev or test too, .*See: retort data$/),
    ]);
  });
});
