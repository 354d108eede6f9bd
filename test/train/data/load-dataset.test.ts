import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DataFiles, ResolvedDataFiles } from '../../../src/train/config/config.ts';
import { resolveConfig } from '../../../src/train/config/resolve-config.ts';
import { checkDataset } from '../../../src/train/data/check-dataset.ts';
import { contentHash } from '../../../src/train/data/content-hash.ts';
import type { Dataset, Row } from '../../../src/train/data/dataset.ts';
import { loadDataset } from '../../../src/train/data/load-dataset.ts';
import { allTexts } from '../../../src/train/storage/stored-texts.ts';
import { idsOf } from '../../support/rows.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder('load-dataset');
let turn = 0;

interface Loaded {
  readonly dataset: Dataset;
  readonly notices: readonly string[];
  readonly folder: string;
}

/** Writes `contents` by file name and loads them as a config with `files` does. */
async function load(contents: Readonly<Record<string, string>>, files: DataFiles, seed = 0): Promise<Loaded> {
  const folder = join(root, String(turn++));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(folder, name), text);
  const { data } = resolveConfig({ name: 'mails', data: files }, folder);
  const notices: string[] = [];
  const dataset = await loadDataset('mails', data as ResolvedDataFiles, seed, join(folder, 'rows'), {
    onNotice: (line) => notices.push(line),
  });
  return { dataset, notices: notices.map((line) => line.replaceAll(`${folder}/`, '')), folder };
}

const csv = (...rows: readonly string[]): string => `text,label\n${rows.join('\n')}\n`;
/** `count` rows `<word> 0`, `<word> 1`, ... of one label. */
const many = (word: string, label: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${word} ${i},${label}`);
const textsOf = (rows: readonly Row[]): string[] => rows.map(({ fields }) => fields.text);
const count = (rows: readonly Row[], label: string | null): number =>
  rows.filter(({ labels }) => (labels?.[0] ?? null) === label).length;

describe('loadDataset of one file', () => {
  const rows = [...many('won', 'spam', 40), ...many('meet', 'ham', 20), ...many('who', '', 10)];

  it('holds out 15 % of each label for dev and 20 % for test; rows without a label are learned from', async () => {
    const { dataset, notices } = await load({ 'rows.csv': csv(...rows) }, { train: 'rows.csv' });
    const { train, dev, test } = dataset;
    expect([count(dev, 'spam'), count(dev, 'ham'), count(dev, null)]).toEqual([6, 3, 0]);
    expect([count(test, 'spam'), count(test, 'ham'), count(test, null)]).toEqual([8, 4, 0]);
    expect([count(train, 'spam'), count(train, 'ham'), count(train, null)]).toEqual([26, 13, 10]);
    expect(new Set(idsOf([...train, ...dev, ...test])).size).toBe(rows.length);
    expect(dataset).toMatchObject({
      name: 'mails',
      labels: ['ham', 'spam'],
      multiLabel: false,
      teacherField: 'text',
      studentField: 'text',
    });
    expect(notices).toEqual([]);
    expect(() => checkDataset(dataset)).not.toThrow();
  });

  it('holds out the same rows from a file in another order, and others for another seed', async () => {
    const files = { train: 'rows.csv' };
    const { dataset } = await load({ 'rows.csv': csv(...rows) }, files);
    const again = await load({ 'rows.csv': csv(...[...rows].reverse()) }, files);
    expect([again.dataset.dev, again.dataset.test]).toEqual([dataset.dev, dataset.test]);
    expect(new Set(idsOf(again.dataset.train))).toEqual(new Set(idsOf(dataset.train)));
    const other = await load({ 'rows.csv': csv(...rows) }, files, 1);
    expect(idsOf(other.dataset.test).sort()).not.toEqual(idsOf(dataset.test).sort());
  });

  it('takes columns, ids, shares and several labels as the config says', async () => {
    const lines = Array.from({ length: 20 }, (_, i) => `${i},"text ${i}",${i % 2 === 0 ? 'a|b' : 'b'}`);
    const { dataset } = await load(
      { 'rows.csv': `uid,body,tags\n${lines.join('\n')}\n` },
      {
        train: 'rows.csv',
        textColumn: 'body',
        labelColumn: 'tags',
        idColumn: 'uid',
        labelSeparator: '|',
        devShare: 0.1,
        testShare: 0.5,
      },
    );
    expect([dataset.train.length, dataset.dev.length, dataset.test.length]).toEqual([8, 2, 10]);
    expect(dataset).toMatchObject({ labels: ['a', 'b'], multiLabel: true });
    for (const { id, fields, labels } of [...dataset.train, ...dataset.dev, ...dataset.test]) {
      expect(fields.text).toBe(`text ${id}`);
      expect(labels).toEqual(Number(id) % 2 === 0 ? ['a', 'b'] : ['b']);
    }
    expect(() => checkDataset(dataset)).not.toThrow();
  });

  it('complains where no row has a label, and names the column', async () => {
    const loading = load({ 'rows.csv': csv('a,', 'b,') }, { train: 'rows.csv', labelColumn: 'class' });
    await expect(loading).rejects.toMatchObject({
      name: 'InputError',
      code: 'invalid_data',
      message: expect.stringMatching(
        /rows\.csv: expected a column class, got text, label; set data\.labelColumn, or label some rows$/,
      ),
    });
    await expect(load({ 'rows.csv': csv('a,', 'b,') }, { train: 'rows.csv' })).rejects.toThrow(
      /rows\.csv: expected rows with a label, got none; label some rows, or set data\.labelColumn$/,
    );
  });

  it('makes a dataset of one label that does not pass the door of a run', async () => {
    const { dataset } = await load({ 'rows.csv': csv(...many('meet', 'ham', 20)) }, { train: 'rows.csv' });
    expect(dataset.labels).toEqual(['ham']);
    expect(() => checkDataset(dataset)).toThrow(/^train: expected labelled rows of at least 2 labels, got only ham/);
  });
});

describe('loadDataset of several files', () => {
  const train = csv(...many('won', 'spam', 10), ...many('meet', 'ham', 10));

  it('takes dev and test as they are and all of train to learn from', async () => {
    const { dataset, notices } = await load(
      { 'train.csv': train, 'dev.csv': csv('b,ham', 'a,spam'), 'test.jsonl': '{"text":"c","label":"ham"}\n' },
      { train: 'train.csv', dev: 'dev.csv', test: 'test.jsonl' },
    );
    expect(dataset.train).toHaveLength(20);
    expect(textsOf(dataset.dev)).toEqual(['b', 'a']);
    expect(dataset.test).toEqual([{ id: contentHash({ text: 'c' }), fields: { text: 'c' }, labels: ['ham'] }]);
    expect(notices).toEqual([]);
    expect(() => checkDataset(dataset)).not.toThrow();
  });

  it('takes from train what has no file of its own', async () => {
    const { dataset } = await load(
      { 'train.csv': train, 'dev.csv': csv('a,spam') },
      { train: 'train.csv', dev: 'dev.csv' },
    );
    expect([dataset.train.length, dataset.dev.length, dataset.test.length]).toEqual([16, 1, 4]);
  });

  it('forgets the labels of unlabelled rows', async () => {
    const { dataset } = await load(
      { 'train.csv': train, 'more.csv': csv('x,ham', 'y,egg') },
      { train: 'train.csv', unlabelled: 'more.csv' },
    );
    expect(dataset.train.slice(-2).map(({ fields, labels }) => [fields.text, labels])).toEqual([
      ['x', null],
      ['y', null],
    ]);
    expect(dataset.labels).toEqual(['ham', 'spam']);
  });

  it.each([
    ['a label that the training rows do not have', 'b,egg', 'a label of the training rows (ham, spam), got egg'],
    ['no label', 'b,', 'a label in label, got none'],
  ])('refuses %s in dev or test, and names file and line', async (_, line, expected) => {
    for (const split of ['dev', 'test']) {
      const loaded = load(
        { 'train.csv': train, 'other.csv': csv('a,spam', line) },
        { train: 'train.csv', [split]: 'other.csv' },
      );
      await expect(loaded).rejects.toMatchObject({
        code: 'invalid_data',
        message: expect.stringContaining(`other.csv, line 3: expected ${expected}; `),
      });
    }
  });

  it('has every text once, held out before it is learned from and in test before dev, and tells what it drops', async () => {
    const { dataset, notices } = await load(
      {
        'train.csv': csv(...many('won', 'spam', 4), 'won 0,spam', 'in dev,ham', 'in test,ham', 'meet,ham'),
        'more.csv': csv('won 1,', 'in test,', 'new,', 'new,'),
        'dev.csv': csv('in dev,ham', 'in test,ham', 'b,spam'),
        'test.csv': csv('in test,ham', 'c,spam'),
      },
      { train: 'train.csv', unlabelled: 'more.csv', dev: 'dev.csv', test: 'test.csv' },
    );
    expect(textsOf(dataset.train).sort()).toEqual(['meet', 'new', 'won 0', 'won 1', 'won 2', 'won 3']);
    expect(textsOf(dataset.dev)).toEqual(['in dev', 'b']);
    expect(textsOf(dataset.test)).toEqual(['in test', 'c']);
    expect(dataset.train.find(({ fields }) => fields.text === 'won 1')?.labels).toEqual(['spam']);
    expect(notices).toEqual([
      'data: dev: 1 rows also stand in test and are left out',
      'data: train.csv: 1 rows repeat the text of another one and are left out',
      'data: more.csv: 1 rows repeat the text of another one and are left out',
      'data: train: 2 rows repeat the text of another one and are left out',
      'data: train: 2 rows also stand in dev or test and are left out',
    ]);
  });

  it('keeps the first label of a text that has two, and says how many rows contradict it', async () => {
    const { dataset, notices } = await load(
      { 'train.csv': csv('won,spam', 'meet,ham', 'won,ham', 'won,spam') },
      { train: 'train.csv' },
    );
    const all = [...dataset.train, ...dataset.dev, ...dataset.test];
    expect(all.find(({ fields }) => fields.text === 'won')?.labels).toEqual(['spam']);
    expect(notices).toContain('data: train.csv: 1 of them have another label; the first one counts');
  });

  it('keeps the label of a text that stands in train with and without one', async () => {
    const { dataset } = await load(
      { 'train.csv': csv('a,', 'a,ham', 'b,spam', 'b,'), 'dev.csv': csv('c,ham') },
      { train: 'train.csv', dev: 'dev.csv', test: 'dev.csv' },
    );
    const labels = dataset.train.map(({ fields, labels: gold }) => [fields.text, gold]);
    expect(labels.sort()).toEqual([
      ['a', ['ham']],
      ['b', ['spam']],
    ]);
  });
});

describe('loadDataset of a folder', () => {
  const train = csv(...many('won', '1', 10), ...many('meet', '0', 10), 'who,-1');
  const readme = `---
dataset_info:
  features:
  - name: text
    dtype: string
  - name: label
    dtype:
      class_label:
        names:
          '0': ham
          '1': spam
---
# Mails
`;

  it('takes the splits that its file names tell, and names for the numbers of labels', async () => {
    const contents = {
      'README.md': readme,
      'train-00000-of-00002.csv': train,
      'train-00001-of-00002.csv': csv('more,1'),
      'validation.csv': csv('a,0', 'b,spam'),
      'test.csv': csv('c,1'),
    };
    const { dataset, notices } = await load(contents, { train: '.' });
    expect(dataset.labels).toEqual(['ham', 'spam']);
    expect(dataset.train).toHaveLength(22);
    expect(dataset.train.at(-1)).toMatchObject({ fields: { text: 'who' }, labels: null });
    expect(dataset.dev.map((row) => row.labels)).toEqual([['ham'], ['spam']]);
    expect(dataset.test.map((row) => row.labels)).toEqual([['spam']]);
    expect(notices).toEqual([]);
  });

  it('cuts dev and test out of train where the folder has neither', async () => {
    const { dataset } = await load({ 'README.md': readme, 'mails.csv': train }, { train: '.' });
    expect([dataset.train.length, dataset.dev.length, dataset.test.length]).toEqual([14, 3, 4]);
  });

  it('names file and line of a number that has no name', async () => {
    const contents = { 'README.md': readme, 'train.csv': train, 'dev.csv': csv('a,0', 'b,2') };
    await expect(load(contents, { train: '.' })).rejects.toThrow(
      /dev\.csv, line 3: expected a class of label from 0 to 1 \(ham, spam\), got 2/,
    );
  });
});

describe('loadDataset with unlabelled rows beyond maxUnlabelledInMemory', () => {
  const labelled = [...many('won', 'spam', 20), ...many('meet', 'ham', 20)];
  const contents = {
    'rows.csv': csv(...labelled, ...many('who', '', 9), 'won 3,', 'who 2,', 'held out,'),
    'more.csv': csv(...many('why', '', 6), 'who 1,', 'who 1,', 'meet 5,ham', 'why 0,spam'),
    'test.csv': csv('held out,spam', 'meet 1,ham'),
  };
  const files = { train: 'rows.csv', unlabelled: 'more.csv', test: 'test.csv' };

  it.each([0, 5, 14])('leaves them on disk in the order that they would have, %i in memory', async (limit) => {
    const whole = await load(contents, files);
    const { dataset, notices } = await load(contents, { ...files, maxUnlabelledInMemory: limit });
    const { train, stored } = dataset;
    expect(count(train, null)).toBe(limit);
    expect([...textsOf(train), ...allTexts(stored!)]).toEqual(textsOf(whole.dataset.train));
    expect(notices).toEqual(whole.notices);
    expect([dataset.dev, dataset.test]).toEqual([whole.dataset.dev, whole.dataset.test]);
  });

  it('says what it left out: repeated in a file, in two, and held out', async () => {
    const { dataset, notices } = await load(contents, files);
    expect(dataset.stored).toBeUndefined();
    expect(count(dataset.train, null)).toBe(15);
    expect(notices).toEqual([
      'data: rows.csv: 2 rows repeat the text of another one and are left out',
      'data: more.csv: 2 rows repeat the text of another one and are left out',
      'data: train: 2 rows repeat the text of another one and are left out',
      'data: train: 2 rows also stand in dev or test and are left out',
    ]);
  });
});

describe('loadDataset of pairs', () => {
  const rows = ['a,b,x', 'a,c,y', 'b,a,x', 'd,e,y', 'd,e,y', 'f,g,'];
  const pairs = `text,pair,label\n${rows.join('\n')}\n`;

  it('reads two texts where the training rows have a column pair, each pair once', async () => {
    const heldOut = 'text,pair,label\na,b,y\n';
    const files = { train: 'train.csv', dev: 'dev.csv', test: 'test.csv' };
    const contents = { 'train.csv': pairs, 'dev.csv': heldOut, 'test.csv': 'text,pair,label\nb,b,x\n' };
    const { dataset, notices } = await load(contents, { ...files, maxUnlabelledInMemory: 0 });
    expect(dataset.pairField).toBe('pair');
    expect(new Set(dataset.train.map(({ fields }) => `${fields.text} ${fields.pair}`))).toEqual(
      new Set(['a c', 'b a', 'd e', 'f g']),
    );
    expect(dataset.train.map(({ id, fields }) => id === contentHash(fields))).not.toContain(false);
    expect(notices.join('\n')).toContain('1 rows repeat');
    expect(() => checkDataset(dataset)).not.toThrow();
  });

  it('reads the column that the config names, and refuses a row that lacks the second text', async () => {
    const other = { 'rows.csv': csv(...many('won', 'spam', 9), ...many('meet', 'ham', 9)) };
    await expect(load(other, { train: 'rows.csv', pairColumn: 'second' })).rejects.toThrow('a column second');
    const lacking = { 'rows.csv': 'text,pair,label\na,,x\n' };
    await expect(load(lacking, { train: 'rows.csv' })).rejects.toThrow('line 2: expected text in pair');
  });
});

describe('loadDataset to tag', () => {
  const lines = (...rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
  const tagged = Array.from({ length: 20 }, (_, i) => ({ tokens: ['play', `song${i}`], tags: ['O', 'B-song'] }));
  const task = 'tag' as const;

  it('reads lists of tokens and tags, or cells that spaces part; rows without tags are learned from', async () => {
    const unlabelled = [{ tokens: ['stop'] }, { tokens: ['go', 'on'], tags: null }];
    const { dataset } = await load({ 'rows.jsonl': lines(...tagged, ...unlabelled) }, { task, train: 'rows.jsonl' });
    expect(dataset).toMatchObject({ task, labels: ['B-song', 'O'], multiLabel: false });
    expect(dataset.train.filter(({ labels }) => labels === null).map(({ fields }) => fields.text)).toEqual([
      'stop',
      'go on',
    ]);
    checkDataset(dataset);
    const cells = `words,slots\n${tagged.map(({ tokens, tags }) => `${tokens.join('  ')},${tags.join(' ')}`).join('\n')}\n`;
    const columns = { textColumn: 'words', labelColumn: 'slots' };
    const other = await load({ 'rows.csv': cells }, { task, train: 'rows.csv', ...columns });
    expect(other.dataset.test).toEqual(dataset.test);
  });

  it.each([
    [{ tokens: ['a', 'b'], tags: ['O'] }, 'expected one label a word, got 2 words in tokens and 1 labels in tags'],
    [{ tokens: ['a b'], tags: ['O'] }, 'expected words without white space in tokens, got "a b"'],
    [{ tokens: ['a', ''], tags: ['O', 'O'] }, 'expected words without white space in tokens, got ""'],
    [{ tokens: [], tags: [] }, 'expected text in tokens, got []'],
  ])('refuses the row %j, with its place', async (row, message) => {
    const loading = load({ 'rows.jsonl': lines(row, ...tagged) }, { task, train: 'rows.jsonl' });
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toThrow('rows.jsonl');
  });

  it('says how to tag where a file of tokens and tags is read to classify', async () => {
    const loading = load({ 'rows.jsonl': lines(...tagged) }, { train: 'rows.jsonl' });
    await expect(loading).rejects.toThrow("to tag words, set data.task to 'tag'");
  });
});
