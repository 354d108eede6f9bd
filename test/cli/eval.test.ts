import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readStudent } from '../../src/runtime/node.ts';
import { type Outcome, retort } from '../support/retort.ts';
import {
  embedStudent,
  IMAGE,
  imageStudent,
  pairStudent,
  staticStudent,
  studentBytes,
  tagStudent,
} from '../support/students.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { wordEmbedder, wordStudent, wordTagger } from '../support/word-student.ts';

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

  it('reads images as base64 of their bytes, of the column image or of another', async () => {
    const path = join(folder, 'image.safetensors');
    const bytes = await studentBytes(imageStudent({ labels: ['a', 'b'] }));
    writeFileSync(path, bytes);
    const { height, width, channels } = IMAGE;
    const images = [0, 50, 100, 255].map((value) => new Uint8Array(height * width * channels).fill(value));
    const gold = readStudent(bytes).classify(images, { topK: 1 });
    const rows = images.map((image, i) => [Buffer.from(image).toString('base64'), gold[i][0].label]);
    const data = write('images.csv', csv([['image', 'label'], ...rows]));
    const report = async (...args: readonly string[]): Promise<Outcome> => retort(['eval', ...args, '--json']);
    expect(JSON.parse((await report(data, path)).stdout)[0]).toMatchObject({ rows: 4, accuracy: 1 });
    const other = write('pixels.csv', csv([['pixels', 'label'], ...rows, ['AAAA', 'a']]));
    const { code, stderr } = await report(other, path, '--text-column', 'pixels');
    expect(code).toBe(2);
    expect(stderr).toContain('pixels.csv, line 6: expected 60 bytes in base64 in pixels, as the student reads, got 3');
    expect((await report(other, path)).stderr).toContain(
      'pixels.csv, line 2: expected a column image, got pixels, label; name the one to read: --text-column, or data.',
    );
  });

  describe('of a student that tags', () => {
    const tagger = join(folder, 'tagger.safetensors');
    const TAGGED = [
      { tokens: ['o', 'b', 'i', 'o'], tags: ['O', 'B-x', 'I-x', 'O'] },
      { tokens: ['b', 'o'], tags: ['B-x', 'I-x'] },
      { tokens: ['o', 'b'], tags: ['O', 'O'] },
    ];

    beforeAll(async () => writeFileSync(tagger, await wordTagger('tagger', { o: 'O', b: 'B-x', i: 'I-x' })));

    it('--json has accuracy of words, and precision, recall and F1 of entities as counted by hand', async () => {
      const data = write('tags.jsonl', TAGGED.map((row) => JSON.stringify(row)).join('\n'));
      const { code, stdout } = await retort(['eval', data, tagger, '--json']);
      expect(code).toBe(0);
      // Found: x of the first, half of the second, one too many in the third.
      expect(JSON.parse(stdout)).toEqual([
        {
          ...{ name: 'tagger', path: tagger, task: 'tag', rows: 3, labels: ['O', 'B-x', 'I-x'], confusion: null },
          ...{ accuracy: 6 / 8, precision: 1 / 3, recall: 1 / 2, f1: 2 / 5 },
        },
      ]);
    });

    it('prints the same as a table, of cells that spaces part in other columns', async () => {
      const rows = TAGGED.map(({ tokens, tags }) => [tokens.join(' '), tags.join(' ')]);
      const data = write('tags.csv', csv([['words', 'slots'], ...rows]));
      const columns = ['--text-column', 'words', '--label-column', 'slots'];
      const { stdout } = await retort(['eval', data, tagger, ...columns]);
      expect(stdout).toMatch(
        /^3 rows +word accuracy +precision +recall +entity F1\n.*\ntagger +\.750 +\.333 +\.500 +\.400\n$/,
      );
    });

    it('names the row of another number of labels, of an unknown one, and without any', async () => {
      const refused = async (tags: string): Promise<string> => {
        const data = write(
          'broken.csv',
          csv([
            ['tokens', 'tags'],
            ['o b', 'O B-x'],
            ['o b', tags],
          ]),
        );
        const { code, stderr } = await retort(['eval', data, tagger]);
        expect(code).toBe(2);
        return stderr;
      };
      expect(await refused('O')).toContain('broken.csv, line 3: expected one label a word, got 2 words');
      expect(await refused('O B-y')).toContain('line 3: expected a label of the student (O, B-x, I-x), got B-y');
      expect(await refused('')).toContain('line 3: expected a label in tags, got none');
    });
  });

  describe('of a student that embeds', () => {
    const embedder = join(folder, 'embedder.safetensors');
    const PAIRS = [
      ['a b', 'a b', '5'],
      ['a b', 'a', '3.5'],
      ['a b c', 'c', '1'],
      ['a', 'b', '2'],
    ];

    beforeAll(async () => writeFileSync(embedder, await wordEmbedder('embedder', ['a', 'b', 'c'])));

    it('has the correlations of cosine and similarity, as counted by hand', async () => {
      const data = write('sts.csv', csv([['text', 'pair', 'label'], ...PAIRS]));
      const { code, stdout } = await retort(['eval', data, embedder, '--json']);
      expect(code).toBe(0);
      const [{ spearman, pearson, ...rest }] = JSON.parse(stdout);
      expect(rest).toEqual({ name: 'embedder', path: embedder, task: 'embed', rows: 4, labels: [], confusion: null });
      // Cosines 1, .71, .58 and 0; of the four ranks two are changed over. The quotient is of sums over what lies around the means.
      expect(spearman).toBeCloseTo(0.8, 6);
      expect(pearson).toBeCloseTo(1.484411 / Math.sqrt(0.528647 * 9.1875), 5);
      const table = await retort(['eval', data, embedder]);
      expect(table.stdout).toMatch(/^4 rows +Spearman +Pearson\n.*\nembedder +\.800 +\.674\n$/);
    });

    it('names the row whose similarity is no number, and the columns of a file without a second text', async () => {
      const broken = write('similar.csv', csv([['text', 'pair', 'label'], ...PAIRS, ['a', 'c', 'high']]));
      const { code, stderr } = await retort(['eval', broken, embedder]);
      expect(code).toBe(2);
      expect(stderr).toContain('similar.csv, line 6: expected a number in label, how alike the texts are, got high');
      const single = write('single.csv', csv([['text', 'label'], ...ROWS]));
      expect((await retort(['eval', single, embedder])).stderr).toContain(
        'expected a column pair, got text, label; name the one with the second text: --pair-column, or',
      );
    });

    it('refuses to stand beside a student of another task', async () => {
      const data = write('mixed.csv', csv([['text', 'label'], ...ROWS]));
      const { code, stderr } = await retort(['eval', data, student, embedder]);
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /embedder\.safetensors: expected a student for the task classify, as .*words\.safetensors/,
      );
    });
  });

  it('says of rows that do not fit a student what it reads, of which columns, and what else to name', async () => {
    const students = {
      text: [staticStudent(), 'a text (column text) with one label (column label)'],
      multi: [staticStudent({ multiLabel: true }), 'a text (column text) with several labels (column label)'],
      pair: [pairStudent(), 'two texts (columns text and pair) with one label (column label)'],
      image: [imageStudent(), 'an image (column image) with one label (column label)'],
      tag: [tagStudent(), 'words (column tokens) with a tag each (column tags)'],
      embed: [embedStudent(), 'two texts (columns text and pair) with a number (column label)'],
    } as const;
    const rows = {
      text: { text: 'a', label: 'other' },
      multi: { text: 'a', label: ['other', 'ham'] },
      pair: { text: 'a', pair: 'b', label: 'other' },
      image: { image: 'AAAA', label: 'ham' },
      tag: { tokens: ['a'], tags: ['other'] },
      embed: { text: 'a', pair: 'b', label: 0.5 },
    };
    for (const [name, [file]] of Object.entries(students)) {
      writeFileSync(join(folder, `${name}-reader.safetensors`), await studentBytes(file));
    }
    for (const [kind, row] of Object.entries(rows)) {
      const data = write(`${kind}-row.jsonl`, `${JSON.stringify(row)}\n${JSON.stringify(row)}\n`);
      for (const [name, [, reads]] of Object.entries(students)) {
        if (kind === name && name === 'embed') continue;
        const path = join(folder, `${name}-reader.safetensors`);
        const { code, stderr } = await retort(['eval', data, path]);
        expect(code).toBe(2);
        expect(stderr).toMatch(/^retort: .*-row\.jsonl, line 1: expected .*, got /);
        expect(stderr).toContain(`. ${path} reads ${reads}; where the file holds something else, name other columns`);
      }
    }
  });

  it('has a column for every score that one of its students has', async () => {
    const multi = join(folder, 'beside.safetensors');
    writeFileSync(multi, await wordStudent('beside', ['a', 'b', 'c'], true));
    const data = write('beside.csv', csv([['text', 'label'], ...ROWS]));
    const { stdout } = await retort(['eval', data, student, multi]);
    expect(stdout).toMatch(/^6 rows +accuracy +F1 +micro F1\n.*\nwords +\.667 +\.656\nbeside +\.667 +\.656 +\.667\n/);
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
    // Of five labels that are gold four are found, and one is given that is not.
    expect(JSON.parse(stdout)[0].microF1).toBeCloseTo(8 / 10, 12);
    expect(await refusal(data, '--label-separator', '|')).toContain('no --label-separator');
  });

  it('says how many cells of CSV or TSV it took for one label each, of students that give several alone', async () => {
    const multi = join(folder, 'cells.safetensors');
    writeFileSync(multi, await wordStudent('cells', ['a', 'b'], true));
    const rows = [
      ['text', 'label'],
      ['a b', 'a'],
      ['b', 'b'],
    ];
    const notes = async (path: string, ...more: readonly string[]): Promise<string> => {
      const { code, stderr } = await retort(['eval', path, ...more, '--json']);
      expect(code).toBe(0);
      return stderr;
    };
    const commas = write('one-each.csv', csv(rows));
    const tabs = write('one-each.TSV', rows.map((row) => row.join('\t')).join('\n'));
    for (const path of [commas, tabs]) {
      const note = `${path}: each cell was read as one label, 2 in all; --label-separator splits them\n`;
      expect(await notes(path, multi)).toBe(note);
      expect(await notes(path, student, multi, multi)).toBe(note);
      expect(await notes(path, multi, '--label-separator', '|')).toBe('');
      expect(await notes(path, student)).toBe('');
    }
  });

  it('reads lists of labels, in JSON Lines, without a separator, and takes a cell for one label', async () => {
    const multi = join(folder, 'lists.safetensors');
    writeFileSync(multi, await wordStudent('lists', ['a', 'b'], true));
    const rows = [
      { text: 'a b', label: ['a', 'b'] },
      { text: 'a', label: ['a', 'b'] },
      { text: 'b', label: 'b' },
      { text: 'a', label: [] },
    ];
    const data = write('lists.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    const { code, stdout, stderr } = await retort(['eval', data, multi, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)[0]).toMatchObject({ rows: 4, accuracy: 0.5 });
    const cells = await retort([
      'eval',
      write(
        'cells.csv',
        csv([
          ['text', 'label'],
          ['a b', 'a|b'],
        ]),
      ),
      multi,
    ]);
    expect(cells.code).toBe(2);
    expect(cells.stderr).toContain(
      'cells.csv, line 2: expected a label of the student (a, b), got a|b; correct it, or set a label separator if it is several, or leave the row out',
    );
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
    expect(await refusal(write('keys.jsonl', '{"text":"a","label":"a"}\n{"text":"b"}\n'))).toContain(
      'keys.jsonl, line 2: expected a column label, got text; name the one with the label: --label-column, or data.labelColumn in a config, or label the row',
    );
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
      'header.csv, line 2: expected a column text, got body, label; name the one to read: --text-column, or data.textColumn in a config',
    );
    const column = ['--label-column', 'kind'];
    expect(await refusal(write('kind.csv', 'text,label\na,a\n'), ...column)).toContain(
      'kind.csv, line 2: expected a column kind, got text, label; name the one with the label: --label-column, or',
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
