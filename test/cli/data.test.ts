import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { retort } from '../support/retort.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('data');
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const train = write(
  'train.csv',
  `text,label\n${Array.from({ length: 20 }, (_, i) => `mail ${i},${i % 2 === 0 ? 'ham' : 'spam'}`).join('\n')}\nMail 0!,spam\n`,
);
const test = write('test.csv', 'text,label\nMAIL 3,spam\nmail 4,ham\n');

describe('retort data', () => {
  it('reports files, and what leaks into the ones that are held out by their names', async () => {
    const { code, stdout } = await retort(['data', train, test]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^train\.csv +21 +21 +0 +0 +1 +0 +1$/m);
    expect(stdout).toMatch(/^rows of train\.csv in test\.csv +1 +2$/m);
    expect(stdout).toContain('"Mail 0!"');
    expect(stdout).toMatch(/█/);
  });

  it('gives JSON of a folder, with the rows that a limit cuts off', async () => {
    const { code, stdout } = await retort(['data', folder, '--json', '--max-characters', '6']);
    expect(code).toBe(0);
    const { files } = JSON.parse(stdout);
    expect(files.splits.map(({ name, rows }: { name: string; rows: number }) => [name, rows])).toEqual([
      ['train', 21],
      ['test', 2],
    ]);
    expect(files.splits[0].truncated).toEqual([{ reader: 'limit', maxCharacters: 6, rows: 11 }]);
  });

  it('counts each label of a list without a separator', async () => {
    const rows = [
      { text: 'a', label: ['x', 'y'] },
      { text: 'b', label: [] },
      { text: 'c', label: 'x' },
    ];
    mkdirSync(join(folder, 'lists'));
    const lists = write('lists/rows.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    const { code, stdout, stderr } = await retort(['data', lists]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^2 labels .*\n.*\nx +2 .*\ny +1 /m);
  });

  it('reports the files of a config, and the splits that a run makes of them', async () => {
    mkdirSync(join(folder, 'run'));
    const config = { name: 'mails', data: { train: '../train.csv', test: '../test.csv' } };
    writeFileSync(join(folder, 'run', 'retort.config.json'), JSON.stringify(config));
    const { code, stdout, stderr } = await retort(['data', join(folder, 'run'), '--json']);
    expect(code).toBe(0);
    expect(stderr).toContain('rows also stand in dev or test and are left out');
    const { files, splits } = JSON.parse(stdout);
    expect(files.leaks).toEqual([{ split: 'train', in: 'test', exact: 1, normalized: 2 }]);
    expect(splits.leaks.at(-2)).toEqual({ split: 'train', in: 'test', exact: 0, normalized: 1 });
    const none = { rows: 0 };
    expect(files.splits[0].truncated).toEqual([
      { reader: 'the teacher', maxCharacters: 800, ...none },
      { reader: 'static', maxCharacters: 1000, ...none },
      { reader: 'static', maxTokens: 512, ...none },
      { reader: 'conv', maxCharacters: 400, ...none },
      { reader: 'conv', maxTokens: 64, ...none },
    ]);
  });

  it('counts the texts that have more tokens than a student reads, and shows once what files and splits share', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `${'mail '.repeat(i + 1)}${i},${i % 2 === 0 ? 'ham' : 'spam'}`);
    for (const [i, split] of ['train', 'dev', 'test'].entries()) {
      const rows = lines.map((line) => `${split} ${line}`).filter((_, row) => row % 4 !== i);
      write(`tokens-${split}.csv`, `text,label\n${rows.join('\n')}\n`);
    }
    const [data, sizes] = [
      { train: 'tokens-train.csv', dev: 'tokens-dev.csv', test: 'tokens-test.csv' },
      { maxTokens: 30 },
    ];
    const students = [
      { family: 'conv', ...sizes },
      { family: 'static', ...sizes, wordNgrams: 1 },
    ];
    const config = { name: 'mails', data, teacher: { kind: 'scratch' }, students };
    const { code, stdout, stderr } = await retort(['data', write('tokens.json', JSON.stringify(config))]);
    expect(code, stderr).toBe(0);
    // Texts of 3 to 42 words, of which each split lacks every fourth.
    expect(stdout).toMatch(/^30 tokens \(static\) +9 \(\.300\) +9 \(\.300\) +9 \(\.300\)$/m);
    expect(stdout).toMatch(/^30 tokens \(conv\) +\d+ \(\.\d+\)/m);
    expect(stdout.match(/^train +30 +30 /gm)).toHaveLength(1);
    expect(stdout).toContain('The splits of a run are the same as these files.');
  });

  it('says where the tokens of a student cannot be counted, and counts the others', async () => {
    const config = { name: 'mails', data: { train: 'train.csv' }, teacher: { kind: 'encoder', directory: 'none' } };
    const { code, stdout, stderr } = await retort(['data', write('none.json', JSON.stringify(config))]);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(
      /^conv: expected the teacher's vocabulary, to count texts that are too long, got none: .*none.*: expected/m,
    );
    expect(stdout).toMatch(/^512 tokens \(static\) /m);
    expect(stdout).not.toMatch(/tokens \(conv\)/);
  });

  it('names the columns that there are where no row has a label, and where there is none of the text', async () => {
    const kinds = write('kinds.csv', 'text,kind\nyou won,spam\n');
    const { stdout } = await retort(['data', kinds]);
    expect(stdout).toContain(
      'files: expected labels in some row, got none; of the columns text, kind, name the one with the label: --label-column, or data.labelColumn in a config\n',
    );
    const { code, stderr } = await retort(['data', kinds, '--text-column', 'body', '--label-column', 'kind']);
    expect(code).toBe(2);
    expect(stderr).toContain(
      'kinds.csv, line 2: expected a column body, got text, kind; name the one to read: --text-column, or data.',
    );
  });

  it('asks a function that gives no label for them', async () => {
    const rows = [{ id: 'a', fields: { text: 'you won' }, labels: null }];
    const given = { name: 'mails', labels: [], multiLabel: false, teacherField: 'text', studentField: 'text' };
    const dataset = JSON.stringify({ ...given, train: rows, dev: [], test: [] });
    const rest = "name: 'mails', teacher: { kind: 'scratch' }, students: [{ family: 'static' }]";
    const config = write('function.mjs', `export default { ${rest}, data: () => (${dataset}) };\n`);
    const { code, stdout, stderr } = await retort(['data', config]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('splits: expected labels in some row, but to embed, got none; give them in data()\n');
  });

  it.each([
    ['a folder among files', [folder, train], 'expected one folder, or files, got both'],
    ['two files of one name', [train, train], 'expected files of different names, got two'],
    ['a folder without rows', [join(folder, '..', 'none')], 'expected a'],
  ])('refuses %s', async (_, paths, message) => {
    const { code, stderr } = await retort(['data', ...paths]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
