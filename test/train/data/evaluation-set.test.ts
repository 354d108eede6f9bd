import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/format/index.ts';
import type { Row } from '../../../src/train/data/dataset.ts';
import { evaluationSet } from '../../../src/train/data/evaluation-set.ts';
import type { PlacedRow } from '../../../src/train/data/read-rows.ts';
import { rowOf } from '../../support/rows.ts';

const COLUMNS = { text: 'text', label: 'label', labelSeparator: null };
const TASK = { labels: ['ham', 'spam'], multiLabel: false };

const EMBED = { task: 'embed', labels: [], multiLabel: false } as const;

const placed = (...rows: readonly Row[]): readonly PlacedRow[] =>
  rows.map((row, i) => ({ row, columns: ['text', 'label'], place: `rows.csv, line ${i + 2}` }));

describe('evaluationSet', () => {
  it('has the inputs and targets of the rows in their order, and no teacher', () => {
    expect(evaluationSet(placed(rowOf('b', 'spam'), rowOf('a', 'ham')), COLUMNS, TASK)).toEqual({
      ...TASK,
      inputs: ['b', 'a'],
      targets: [Float32Array.of(0, 1), Float32Array.of(1, 0)],
      teacherLogits: null,
      teacherFeatures: null,
    });
  });

  it('has targets of several labels and of none for a multi-label student', () => {
    const rows = placed(rowOf('a', 'spam', 'ham'), { ...rowOf('b'), labels: [] });
    const { targets } = evaluationSet(rows, COLUMNS, { ...TASK, multiLabel: true });
    expect(targets).toEqual([Float32Array.of(1, 1), Float32Array.of(0, 0)]);
  });

  it('has targets of every word to tag, and the pixels of images', () => {
    const tagged = placed({ ...rowOf('play jazz'), labels: ['O', 'B-genre'] });
    const tags = { task: 'tag', labels: ['B-genre', 'O'], multiLabel: false } as const;
    expect(evaluationSet(tagged, COLUMNS, tags).targets).toEqual([Float32Array.of(0, 1, 1, 0)]);
    const images = placed(rowOf('AAH/', 'ham'));
    const set = evaluationSet(images, COLUMNS, { ...TASK, image: { height: 1, width: 3, channels: 1 } });
    expect(set.inputs).toEqual([Uint8Array.of(0, 1, 255)]);
  });

  it('has each text once to embed, and how alike those of a row are', () => {
    const pair = (text: string, pair: string, similarity: string): Row => ({
      id: text + pair,
      fields: { text, pair },
      labels: [similarity],
    });
    const rows = placed(pair('a', 'b', '5'), pair('b', 'c', '0.5'));
    const { inputs, similar } = evaluationSet(rows, COLUMNS, EMBED);
    expect(inputs).toEqual(['a', 'b', 'c']);
    expect(similar).toEqual([
      { texts: ['a', 'b'], similarity: 5 },
      { texts: ['b', 'c'], similarity: 0.5 },
    ]);
    const refused =
      (...broken: readonly Row[]) =>
      () =>
        evaluationSet(placed(...broken), COLUMNS, EMBED);
    expect(refused(pair('a', 'b', '1'))).toThrow('rows.csv, line 2: expected two pairs of texts and more, got one');
    expect(refused(pair('a', 'b', '1'), pair('a', 'c', 'same'))).toThrow(
      'rows.csv, line 3: expected a number in label, how alike the texts are, got same',
    );
    expect(refused(pair('a', 'b', '1'), { ...pair('a', 'c', ''), labels: null })).toThrow(
      'rows.csv, line 3: expected a label in label, got none',
    );
  });

  it('refuses an image of another size, and names file and line', () => {
    const image = { height: 2, width: 2, channels: 1 };
    expect(() => evaluationSet(placed(rowOf('AAH/', 'ham')), COLUMNS, { ...TASK, image })).toThrow(
      'rows.csv, line 2: expected 4 bytes in base64 in text, as the student reads, got 3',
    );
  });

  it.each([
    ['no rows', [], 'evaluation: expected rows, got none'],
    [
      'several labels where the student gives one',
      placed(rowOf('a', 'ham', 'spam')),
      'rows.csv, line 2: expected one label, got 2; name a student that gives several',
    ],
    [
      'a row without a label',
      placed(rowOf('a', 'ham'), rowOf('b')),
      'rows.csv, line 3: expected a label in label, got none; label the row, or leave it out',
    ],
    [
      'a file without a column of labels',
      placed(rowOf('b')).map((row) => ({ ...row, columns: ['text', 'kind'] })),
      'rows.csv, line 2: expected a column label, got text, kind; name the one with the label: --label-column, or data.labelColumn in a config, or label the row',
    ],
    [
      'a label that the student does not know',
      placed(rowOf('b', 'egg')),
      'rows.csv, line 2: expected a label of the student (ham, spam), got egg; correct it, or leave the row out',
    ],
  ])('refuses %s, and names file and line', (_, rows, message) => {
    const make = (): unknown => evaluationSet(rows, COLUMNS, TASK);
    expect(make).toThrow(InputError);
    expect(make).toThrow(expect.objectContaining({ code: 'invalid_data' }));
    expect(make).toThrow(message);
  });
});
