import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/format/index.ts';
import { checkDataset, datasetChecksum } from '../../../src/train/data/check-dataset.ts';
import type { Dataset, Row } from '../../../src/train/data/dataset.ts';
import { rowOf } from '../../support/rows.ts';

const SOUND: Dataset = {
  name: 'mails',
  labels: ['ham', 'spam'],
  multiLabel: false,
  teacherField: 'text',
  studentField: 'text',
  train: [rowOf('1', 'ham'), rowOf('2', 'spam'), rowOf('3')],
  dev: [rowOf('4', 'ham')],
  test: [rowOf('5', 'spam')],
};
const MULTI_LABEL: Dataset = { ...SOUND, multiLabel: true };
const row = (fields: Readonly<Record<string, unknown>>): Row => ({
  ...rowOf('9', 'ham'),
  fields: fields as Row['fields'],
});

describe('checkDataset', () => {
  it('takes a sound dataset of one label a row', () => {
    expect(() => checkDataset(SOUND)).not.toThrow();
  });

  it('takes a sound dataset of several labels a row, and of none of them', () => {
    expect(() =>
      checkDataset({ ...MULTI_LABEL, dev: [rowOf('4', 'ham', 'spam'), { ...rowOf('6'), labels: [] }] }),
    ).not.toThrow();
    expect(() =>
      checkDataset({ ...MULTI_LABEL, labels: ['spam'], train: [rowOf('1', 'spam')], dev: [rowOf('4', 'spam')] }),
    ).not.toThrow();
  });

  it.each<[string, Dataset, string]>([
    ['nothing to learn from', { ...SOUND, train: [] }, 'train: expected labelled rows of at least 2 labels, got none'],
    [
      'labels in dev and test alone',
      { ...SOUND, train: [rowOf('1'), rowOf('2')] },
      'train: expected labelled rows of at least 2 labels, got none',
    ],
    [
      'one label to learn',
      { ...SOUND, train: [rowOf('1', 'ham')] },
      'train: expected labelled rows of at least 2 labels, got only ham',
    ],
    [
      'no label of several',
      { ...MULTI_LABEL, train: [rowOf('1')] },
      'train: expected labelled rows of at least 1 labels, got none',
    ],
    [
      'an image of another size',
      { ...SOUND, image: { height: 2, width: 2, channels: 1 }, train: [row({ text: 'AAAA' }), ...SOUND.train] },
      'train: row 9: expected 4 bytes in base64 in text, got 3',
    ],
    ['no second text of a pair', { ...SOUND, pairField: 'pair' }, 'train: row 1: expected text in pair, got nothing'],
    ['an empty dev', { ...SOUND, dev: [] }, 'dev: expected rows, got none'],
    ['an empty test', { ...SOUND, test: [] }, 'test: expected rows, got none'],
    ['no label in dev', { ...SOUND, dev: [rowOf('4')] }, 'dev: row 4: expected a label, got none'],
    ['no label in test', { ...SOUND, test: [rowOf('5')] }, 'test: row 5: expected a label, got none'],
    [
      'an unknown label in train',
      { ...SOUND, train: [...SOUND.train, rowOf('9', 'egg')] },
      'train: row 9: expected one of ham, spam, got the unknown label egg',
    ],
    [
      'an unknown label that was hidden',
      { ...SOUND, hiddenLabels: new Map([['3', ['egg']]]) },
      'train: row 3: expected one of ham, spam, got the unknown label egg',
    ],
    [
      'an id twice in one split',
      { ...SOUND, train: [...SOUND.train, rowOf('3', 'ham')] },
      'train: row 3: expected an id of its own, got that of a row of train; make ids unique',
    ],
    [
      'an id in two splits',
      { ...SOUND, test: [{ ...rowOf('5', 'ham'), id: '2' }] },
      'test: row 2: expected an id of its own, got that of a row of train; make ids unique',
    ],
    [
      'an unknown label in dev',
      { ...SOUND, dev: [rowOf('9', 'egg')] },
      'dev: row 9: expected one of ham, spam, got the unknown',
    ],
    [
      'two labels where one belongs',
      { ...SOUND, test: [rowOf('9', 'ham', 'spam')] },
      'test: row 9: expected one label, got 2; set labelSeparator',
    ],
    [
      'a label that is an empty list',
      { ...SOUND, dev: [{ ...rowOf('9'), labels: [] }] },
      'dev: row 9: expected one label, got 0',
    ],
    [
      'a row without the field',
      { ...SOUND, dev: [row({ body: 'a' })] },
      'dev: row 9: expected text in text, got nothing',
    ],
    ['an empty text', { ...SOUND, dev: [row({ text: ' \n' })] }, 'dev: row 9: expected text in text, got " \\n"'],
    ['a number as text', { ...SOUND, test: [row({ text: 3 })] }, 'test: row 9: expected text in text, got 3'],
    [
      'an unlabelled row without text',
      { ...SOUND, train: [...SOUND.train, { ...row({ text: '' }), labels: null }] },
      'train: row 9: expected text in text, got ""',
    ],
    [
      'no text for the teacher',
      { ...SOUND, teacherField: 'caption' },
      'train: row 1: expected text in caption, got nothing',
    ],
    [
      'no text for the student',
      { ...SOUND, studentField: 'title' },
      'train: row 1: expected text in title, got nothing',
    ],
  ])('refuses %s, and names split and row', (_, dataset, message) => {
    expect(() => checkDataset(dataset)).toThrow(InputError);
    expect(() => checkDataset(dataset)).toThrow(expect.objectContaining({ code: 'invalid_data' }));
    expect(() => checkDataset(dataset)).toThrow(message);
  });
});

describe('datasetChecksum', () => {
  it('changes with every row, label, split and name of a label, and with nothing else', () => {
    const { train, dev, test } = SOUND;
    const others: readonly Dataset[] = [
      { ...SOUND, labels: ['spam', 'ham'] },
      { ...SOUND, train: train.slice(1) },
      { ...SOUND, train: [...train].reverse() },
      { ...SOUND, train: [rowOf('1', 'spam'), ...train.slice(1)] },
      { ...SOUND, train: [{ ...train[0], id: '9' }, ...train.slice(1)] },
      { ...SOUND, dev: [{ ...dev[0], fields: { text: 'b' } }] },
      { ...SOUND, dev: test, test: dev },
      { ...SOUND, train: [...train, ...dev], dev: [] },
    ];
    expect(new Set([SOUND, ...others].map(datasetChecksum)).size).toBe(others.length + 1);
    expect(datasetChecksum({ ...SOUND, name: 'other', train: [...train] })).toBe(datasetChecksum(SOUND));
    expect(datasetChecksum(SOUND)).toMatch(/^[0-9a-f]{64}$/);
  });
});
