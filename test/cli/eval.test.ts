import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readStudent } from '../../src/runtime/node.ts';
import { type Outcome, retort } from '../support/retort.ts';
import { imageStudent, pairStudent, studentBytes } from '../support/students.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { wordStudent } from '../support/word-student.ts';

/** Gold a 3 times, b twice, c once; the student says a a b, b c, c. */
const ROWS = [
  ['a', 'a'],
  ['something a else', 'a'],
  ['b', 'a'],
  ['b', 'b'],
  ['c', 'b'],
  ['"c, with commas"', 'c'],
];

interface EvalResult {
  readonly name: string;
  readonly path: string;
  readonly rows: number;
  readonly accuracy: number;
  readonly f1: number;
  readonly labels: readonly string[];
  readonly confusion: readonly (readonly number[])[] | null;
}

const csv = (rows: readonly (readonly string[])[]): string => `${rows.map((row) => row.join()).join('\n')}\n`;

describe('retort eval', () => {
  const folder = temporaryFolder('eval');
  const student = join(folder, 'words.safetensors');
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  beforeAll(async () => writeFileSync(student, await wordStudent('words', ['a', 'b', 'c'])));

  const refusal = async (data: string, ...more: readonly string[]): Promise<string> => {
    const { code, stdout, stderr }: Outcome = await retort(['eval', data, student, ...more]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toContain('    at ');
    return stderr;
  };

  it('--json has accuracy, macro F1 and confusion matrix as counted by hand', async () => {
    const data = write('known.csv', csv([['text', 'label'], ...ROWS]));
    const { code, stdout } = await retort(['eval', data, student, '--json']);
    expect(code).toBe(0);
    const [result, ...others]: EvalResult[] = JSON.parse(stdout);
    expect(others).toEqual([]);
    expect(result).toMatchObject({ name: 'words', path: student, rows: 6, labels: ['a', 'b', 'c'] });
    expect(result.accuracy).toBeCloseTo(4 / 6, 12);
    // a: TP 2, FP 0, FN 1 = 4/5; b: TP 1, FP 1, FN 1 = 1/2; c: TP 1, FP 1, FN 0 = 2/3.
    expect(result.f1).toBeCloseTo((4 / 5 + 1 / 2 + 2 / 3) / 3, 12);
    expect(result.confusion).toEqual([
      [2, 1, 0],
      [0, 1, 1],
      [0, 0, 1],
    ]);
  });

  it('prints the same as tables', async () => {
    const data = write('table.csv', csv([['text', 'label'], ...ROWS]));
    const { code, stdout, stderr } = await retort(['eval', data, student]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^6 rows +accuracy +F1\n.*\nwords +\.667 +\.656$/m);
    expect(stdout).toMatch(/gold \\ predicted +a +b +c\n.*\na +2 +1 +0\nb +0 +1 +1\nc +0 +0 +1\n$/);
  });

  it('reads both texts of a pair, of the columns text and pair or of others', async () => {
    const path = join(folder, 'pair.safetensors');
    const bytes = await studentBytes(pairStudent({ labels: ['a', 'b'] }));
    writeFileSync(path, bytes);
    const pairs = ['you won', 'free', 'a prize!', 'meet'].map((text, i, all) => ({ text, pair: all[(i + 1) % 4] }));
    const gold = readStudent(bytes).classify(pairs, { topK: 1 });
    const rows = pairs.map(({ text, pair }, i) => [text, pair, gold[i][0].label]);
    const report = async (name: string, column: string, ...options: readonly string[]): Promise<EvalResult> => {
      const data = write(name, csv([['text', column, 'label'], ...rows]));
      return JSON.parse((await retort(['eval', data, path, ...options, '--json'])).stdout)[0];
    };
    expect(await report('pairs.csv', 'pair')).toMatchObject({ rows: 4, accuracy: 1 });
    expect(await report('others.csv', 'other', '--pair-column', 'other')).toMatchObject({ rows: 4, accuracy: 1 });
  });

  it('refuses a student of images', async () => {
    const path = join(folder, 'image.safetensors');
    writeFileSync(path, await studentBytes(imageStudent()));
    const { code, stderr } = await retort(['eval', write('none.csv', csv([['text', 'label'], ...ROWS])), path]);
    expect(code).toBe(2);
    expect(stderr).toContain('expected a student of texts, got one of images');
  });

  it('reads other columns, and JSON Lines', async () => {
    const rows = [
      { id: 1, body: 'a', kind: 'a' },
      { id: 2, body: 'b', kind: 'a' },
    ];
    const data = write('columns.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    const columns = ['--text-column', 'body', '--label-column', 'kind'];
    const { code, stdout } = await retort(['eval', data, student, ...columns, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)[0]).toMatchObject({ rows: 2, accuracy: 0.5 });
  });

  it('counts a multi label row as right where all its labels are, and takes rows of none', async () => {
    const multi = join(folder, 'multi.safetensors');
    writeFileSync(multi, await wordStudent('multi', ['a', 'b'], true));
    const data = write(
      'multi.csv',
      csv([
        ['text', 'label'],
        ['a b', 'a|b'],
        ['a', 'a|b'],
        ['b', 'b'],
        // None of the labels, which is not the same as an unknown one.
        ['a', '|'],
      ]),
    );
    const { code, stdout } = await retort(['eval', data, multi, '--label-separator', '|', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)[0]).toMatchObject({ rows: 4, confusion: null, accuracy: 0.5 });
    expect(await refusal(data, '--label-separator', '|')).toContain('no --label-separator');
  });

  it('names the row with a label that the student does not know, and the labels that it knows', async () => {
    const message = await refusal(
      write(
        'label.csv',
        csv([
          ['text', 'label'],
          ['a', 'a'],
          ['b', 'd'],
        ]),
      ),
    );
    expect(message).toContain('a, b, c');
    expect(message).toMatch(/label\.csv, line 3: expected a label of the student \(a, b, c\), got d/);
  });

  it('names the row without a label', async () => {
    const message = await refusal(
      write(
        'unlabelled.csv',
        csv([
          ['text', 'label'],
          ['a', 'a'],
          ['b', ''],
        ]),
      ),
    );
    expect(message).toMatch(/unlabelled\.csv.*expected a label/);
  });

  it('names the line of a broken CSV quote', async () => {
    const message = await refusal(write('quote.csv', 'text,label\na,a\n"b" b,b\nc,c\n'));
    expect(message).toContain('quote.csv, line 3: expected CSV');
  });

  it('names the line where a CSV quote opens that never closes', async () => {
    const message = await refusal(write('open.csv', 'text,label\na,a\n"b,b\nc,c\n'));
    expect(message).toMatch(/open\.csv, line 3: expected CSV/);
  });

  it('names the line of a row with a column too many', async () => {
    const message = await refusal(write('column.csv', 'text,label\na,a\nhello, you,b\n'));
    expect(message).toContain('column.csv, line 3: expected CSV');
  });

  it.each([
    ['nothing in it', ''],
    ['a header alone', 'text,label\n'],
  ])('refuses a file with %s', async (_, text) => {
    expect(await refusal(write('empty.csv', text))).toContain('empty.csv: expected rows');
  });

  it('names the line of a row without text, and the columns that there are', async () => {
    expect(await refusal(write('text.csv', 'text,label\na,a\n  ,b\n'))).toContain('text.csv, line 3: expected text');
    const message = await refusal(write('header.csv', 'body,label\na,a\n'));
    expect(message).toContain(
      'header.csv, line 2: expected a column text, got body, label; say which one has the text',
    );
    const column = ['--label-column', 'kind'];
    expect(await refusal(write('kind.csv', 'text,label\na,a\n'), ...column)).toContain(
      'kind.csv, line 2: expected a column kind, got text, label',
    );
  });

  it('names the line of what is no JSON', async () => {
    expect(await refusal(write('broken.jsonl', '{"text":"a","label":"a"}\n{"text":'))).toContain(
      'broken.jsonl, line 2',
    );
  });

  it('refuses a file that is missing, of another kind, or in another encoding', async () => {
    expect(await refusal(join(folder, 'missing.csv'))).toContain(
      'missing.csv: expected a readable file, got no such file',
    );
    expect(await refusal(write('rows.txt', 'a'))).toContain(
      'rows.txt: expected a .jsonl, .ndjson, .csv, .tsv, .parquet file',
    );
    const latin1 = join(folder, 'latin1.csv');
    writeFileSync(latin1, Buffer.from('text,label\ncaf\u00e9,a\n', 'latin1'));
    expect(await refusal(latin1)).toContain('latin1.csv, line 2: expected UTF-8');
  });
});
