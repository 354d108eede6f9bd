import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/format/index.ts';
import { readDataset } from '../../../src/train/data/read-dataset.ts';
import { rowOf } from '../../support/rows.ts';

const SOUND = {
  name: 'mails',
  labels: ['ham', 'spam'],
  multiLabel: false,
  teacherField: 'text',
  studentField: 'text',
  train: [rowOf('1', 'ham'), rowOf('2', 'spam'), rowOf('3')],
  dev: [rowOf('4', 'ham')],
  test: [rowOf('5', 'spam')],
};
const { dev: _, ...WITHOUT_DEV } = SOUND;

describe('readDataset', () => {
  it.each([
    ['a sound dataset', SOUND],
    ['hidden labels', { ...SOUND, hiddenLabels: new Map([['3', ['ham']]]) }],
    ['more than it knows', { ...SOUND, source: 'somewhere', train: [{ ...rowOf('1', 'ham'), from: 'me' }] }],
  ])('hands on %s as it is', (_name, dataset) => {
    expect(readDataset(dataset)).toBe(dataset);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'data(): expected Object, got nothing; return a Dataset'],
    ['null', null, 'data(): expected Object, got null'],
    ['rows alone', [rowOf('1', 'ham')], 'data().name: expected a value, got nothing'],
    ['an empty train alone', { train: [] }, 'data().name: expected a value, got nothing'],
    ['no dev', WITHOUT_DEV, 'data().dev: expected a value, got nothing'],
    ['rows that are texts', { ...SOUND, train: ['hello'] }, 'data().train.0: expected Object, got "hello"'],
    [
      'an id that is a number',
      { ...SOUND, dev: [{ ...rowOf('4'), id: 4 }] },
      'data().dev.0.id: expected string, got 4',
    ],
    ['an empty id', { ...SOUND, dev: [{ ...rowOf('4'), id: '' }] }, 'data().dev.0.id: expected some text'],
    ['a row without fields', { ...SOUND, test: [{ id: '5', labels: [] }] }, 'data().test.0.fields: expected a value'],
    [
      'a label that is no list',
      { ...SOUND, train: [{ ...rowOf('1'), labels: 'ham' }] },
      'data().train.0.labels: expected Array, got "ham"',
    ],
    ['labels left out', { ...SOUND, train: [{ id: '1', fields: {} }] }, 'data().train.0.labels: expected a value'],
    ['hidden labels in an object', { ...SOUND, hiddenLabels: {} }, 'data().hiddenLabels: expected Map, got'],
  ])('refuses %s, and names the field', (_name, value, message) => {
    const read = (): unknown => readDataset(value);
    expect(read).toThrow(InputError);
    expect(read).toThrow(expect.objectContaining({ code: 'invalid_data' }));
    expect(read).toThrow(message);
  });
});
