import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSplits, folderClassNames } from '../../../src/train/data/dataset-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder('dataset-folder');
let turn = 0;

/** A folder with files of these names and contents. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = join(root, String(turn++));
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const empty = (...names: readonly string[]): string => folderWith(Object.fromEntries(names.map((name) => [name, ''])));

async function splitsOf(...names: readonly string[]): Promise<unknown> {
  const folder = empty(...names);
  const { train, dev, test } = await findSplits(folder);
  return [train, dev, test].map((paths) => paths.map((path) => relative(folder, path)));
}

describe('findSplits', () => {
  it.each([
    [
      ['train.csv', 'dev.csv', 'test.csv'],
      [['train.csv'], ['dev.csv'], ['test.csv']],
    ],
    [
      ['Train.CSV', 'my_valid.csv'],
      [['Train.CSV'], ['my_valid.csv'], []],
    ],
    [
      [
        'data/train-00000-of-00002.parquet',
        'data/train-00001-of-00002.parquet',
        'data/validation-00000-of-00001.parquet',
      ],
      [
        ['data/train-00000-of-00002.parquet', 'data/train-00001-of-00002.parquet'],
        ['data/validation-00000-of-00001.parquet'],
        [],
      ],
    ],
    [
      ['training/b.jsonl', 'training/a.jsonl', 'evaluation/c.jsonl'],
      [['training/a.jsonl', 'training/b.jsonl'], [], ['evaluation/c.jsonl']],
    ],
    [
      ['b.csv', 'a.csv', 'README.md'],
      [['a.csv', 'b.csv'], [], []],
    ],
    [
      ['train.csv', 'contest.csv', 'latest.csv'],
      [['train.csv'], [], []],
    ],
    [
      ['train.csv', '.train.csv', '_train.csv'],
      [['train.csv'], [], []],
    ],
  ])('of %j are %j', async (names, splits) => {
    expect(await splitsOf(...names)).toEqual(splits);
  });

  it.each([
    [
      'a shard is missing',
      ['train-00000-of-00003.csv', 'train-00002-of-00003.csv'],
      /expected 3 shards of train, got 2; fetch/,
    ],
    [
      'one split comes in two formats',
      ['train.csv', 'train.jsonl'],
      /expected train in one format, got \.csv and \.jsonl/,
    ],
    ['there is nothing to read', ['README.md'], /expected \.jsonl, .* files, got none; check the path$/],
    ['the configurations are folders', ['sst2/train.csv', 'cola/train.csv'], /name one of its folders: cola, sst2$/],
    ['the files are Arrow', ['train/data-00000-of-00001.arrow'], /got Arrow files; write them with to_parquet/],
  ])('complains where %s, and names the folder', async (_, names, message) => {
    const folder = empty(...names);
    await expect(findSplits(folder)).rejects.toMatchObject({
      code: 'invalid_data',
      message: expect.stringMatching(message),
    });
    await expect(findSplits(folder)).rejects.toThrow(`${folder}: `);
  });

  it('complains about a folder that is not there', async () => {
    await expect(findSplits(join(root, 'none'))).rejects.toThrow(/none: expected a readable file, got no such file/);
  });
});

describe('folderClassNames', () => {
  const yaml = (names: string, name = 'plain'): string =>
    `- config_name: ${name}\n  features:\n  - name: label\n    dtype:\n      class_label:\n        names:\n${names}`;
  const negPos = "          '1': pos\n          '0': neg\n";

  it('reads dataset_info.json', async () => {
    const info = { features: { text: { dtype: 'string' }, label: { names: ['neg', 'pos'], _type: 'ClassLabel' } } };
    const folder = folderWith({ 'dataset_info.json': JSON.stringify(info) });
    expect(await folderClassNames(folder, 'label')).toEqual(['neg', 'pos']);
    expect(await folderClassNames(folder, 'text')).toBeNull();
    expect(await folderClassNames(folder, 'other')).toBeNull();
  });

  it('reads the header of README.md, in the order of the numbers', async () => {
    const folder = folderWith({ 'README.md': `---\nlicense: mit\ndataset_info:\n${yaml(negPos)}---\n# Title\n` });
    expect(await folderClassNames(folder, 'label')).toEqual(['neg', 'pos']);
  });

  it('reads what the README.md above says about the configuration of this name alone', async () => {
    const header = `---\ndataset_info:\n${yaml("          '0': no\n", 'cola')}${yaml(negPos, 'sst2')}---\n`;
    const folder = folderWith({ 'README.md': header, 'sst2/train.csv': '', 'mrpc/train.csv': '' });
    expect(await folderClassNames(join(folder, 'sst2'), 'label')).toEqual(['neg', 'pos']);
    expect(await folderClassNames(join(folder, 'mrpc'), 'label')).toBeNull();
  });

  it('knows no names where nothing describes the folder', async () => {
    expect(await folderClassNames(folderWith({ 'README.md': '# Title\n' }), 'label')).toBeNull();
    expect(await folderClassNames(empty('train.csv'), 'label')).toBeNull();
  });

  it.each([
    ['dataset_info.json', '{', /dataset_info\.json: expected JSON, got /],
    ['README.md', '---\na: [\n---\n', /README\.md: expected YAML between the lines of ---, got /],
  ])('names %s where it does not parse', async (name, content, message) => {
    await expect(folderClassNames(folderWith({ [name]: content }), 'label')).rejects.toThrow(message);
  });
});
