import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/format/index.ts';
import { contentHash } from '../../../src/train/data/content-hash.ts';
import type { Row } from '../../../src/train/data/dataset.ts';
import { readRows, streamRows } from '../../../src/train/data/read-rows.ts';
import type { RowColumns } from '../../../src/train/data/row-columns.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const COLUMNS: RowColumns = { text: 'text', label: 'label', id: null, labelSeparator: null };
const folder = temporaryFolder('read-rows');

async function read(name: string, content: string | Uint8Array, columns = COLUMNS): Promise<readonly Row[]> {
  const path = join(folder, name);
  writeFileSync(path, content);
  return readRows(path, columns);
}
const readCsv = (text: string, columns?: RowColumns): Promise<readonly Row[]> => read('rows.csv', text, columns);
const readJsonl = (text: string, columns?: RowColumns): Promise<readonly Row[]> => read('rows.jsonl', text, columns);

/** Text and labels of each row. */
const said = async (rows: Promise<readonly Row[]>): Promise<unknown> =>
  (await rows).map(({ fields, labels }) => [fields.text, labels]);

/** Message after the folder, of an `InputError` with code `invalid_data`. */
async function complaint(rows: Promise<unknown>): Promise<string> {
  const error = await rows.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).code).toBe('invalid_data');
  const { message } = error as InputError;
  expect(message.startsWith(`${folder}/`), message).toBe(true);
  return message.slice(folder.length + 1);
}

describe('readRows of CSV', () => {
  it('takes commas, line ends, quotes and spaces of a quoted field as they are', async () => {
    const text = 'text,label\n"a, ""b""\nc\r\n d ",ham\n" e",spam\n';
    expect(await said(readCsv(text))).toEqual([
      ['a, "b"\nc\r\n d ', ['ham']],
      [' e', ['spam']],
    ]);
  });

  it.each([
    ['LF', '\n', '\n'],
    ['CRLF', '\r\n', '\r\n'],
    ['CR', '\r', '\r'],
    ['CRLF after LF', '\n', '\r\n'],
    ['LF after CRLF', '\r\n', '\n'],
  ])('takes lines that end in %s, a byte order mark before them and empty lines between', async (_, first, next) => {
    const text = `\ufefftext,label${first}a,ham${next}${next}b,spam${next}`;
    expect(await said(readCsv(text))).toEqual([
      ['a', ['ham']],
      ['b', ['spam']],
    ]);
  });

  it('takes a last line without an end, columns in any order, and more of them', async () => {
    expect(await said(readCsv('label,year,text\nham,2020,a'))).toEqual([['a', ['ham']]]);
  });

  it('reads back any texts and labels that are quoted as RFC 4180 says', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', ',', '"', '\n', '\r\n', ' ', ';', "'", '\\') });
    const rows = fc.array(
      text.filter((value) => value.trim() !== ''),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom('\n', '\r\n'), fc.boolean(), async (texts, end, mark) => {
        const lines = texts.map((value, i) => `"${value.replaceAll('"', '""')}",label ${i}${end}`);
        const content = `${mark ? '\ufeff' : ''}text,label${end}${lines.join('')}`;
        expect(await said(readCsv(content))).toEqual(texts.map((value, i) => [value, [`label ${i}`]]));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['a quote that never closes', 'text,label\na,ham\n\n"b,spam\nc,ham\n', /^rows\.csv, line 3: .* quote that opens/],
    ['such a quote after a row of two lines', 'text,label\n"a\nb",ham\n"c,spam\n', /^rows\.csv, line 4: .* quote/],
    [
      'text after a closing quote',
      'text,label\na,ham\n"b"x,spam\n',
      /^rows\.csv, line 3: expected CSV, got text behind the quote .* double a quote/,
    ],
    [
      'a quote inside a field',
      'text,label\na,ham\nb"x,spam\n',
      /^rows\.csv, line 3: expected CSV, got a quote inside a cell .* put the cell in quotes/,
    ],
    [
      'too many fields',
      'text,label\n"a\nb",ham\nc,ham,3\n',
      /^rows\.csv, line 4: expected CSV, got 3 cells where the header has 2; put a cell/,
    ],
    [
      'too few fields',
      'text,label\r\na,ham\r\nb\r\n',
      /^rows\.csv, line 3: expected CSV, got 1 cell where the header has 2; add the others/,
    ],
    [
      'a quote that is closed by that of another row',
      'text,label\na,ham\n"b,spam\n"c",ham\n',
      /^rows\.csv, line 3: expected CSV, got a quote that opens there or later and never closes/,
    ],
    [
      'semicolons',
      'text;label\na, b;ham\n',
      /^rows\.csv, line 1: expected commas between the columns, got semicolons; write commas into/,
    ],
    ['no text', 'text,label\na,ham\n"",spam\n', /^rows\.csv, line 3: expected text in text, got ""/],
    ['nothing but spaces', 'text,label\na,ham\n  ,spam\n', /^rows\.csv, line 3: expected text in text, got " {2}"/],
  ])('names file and line of a row with %s', async (_, text, message) => {
    expect(await complaint(readCsv(text))).toMatch(message);
  });

  it('names the columns that there are where that of the text is missing', async () => {
    expect(await complaint(readCsv('body,label\na,ham\n'))).toBe(
      'rows.csv, line 2: expected a column text, got body, label; name the one to read: --text-column, or data.textColumn in a config',
    );
  });

  it.each([
    ['nothing', '', 'an empty file'],
    ['a byte order mark', '\ufeff', 'an empty file'],
    ['a header', 'text,label\n', 'a header alone'],
  ])('complains about a file with %s and no row', async (_, text, got) => {
    expect(await complaint(readCsv(text))).toBe(`rows.csv: expected rows, got ${got}`);
  });
});

describe('readRows of JSON Lines', () => {
  it('takes CRLF, a byte order mark, empty lines, other keys, and labels that are numbers', async () => {
    const text = '\ufeff{"text":"a","label":"ham"}\r\n\r\n{"label":1,"text":"b\\n","year":2020}';
    expect(await said(readJsonl(text))).toEqual([
      ['a', ['ham']],
      ['b\n', ['1']],
    ]);
  });

  it.each([
    ['broken JSON', '{"text":"a"}\n\n{"text":"b"\n', /^rows\.jsonl, line 3: expected a JSON object, got .*JSON/],
    ['an array', '{"text":"a"}\n["b"]\n', /^rows\.jsonl, line 2: expected a JSON object, got \["b"\]$/],
    ['null', 'null\n', /^rows\.jsonl, line 1: expected a JSON object, got null$/],
    ['a text that is none', '{"text":3}\n', /^rows\.jsonl, line 1: expected text in text, got 3/],
    [
      'another key',
      '{"txt":"a","label":"b"}',
      /^rows\.jsonl, line 1: expected a column text, got txt, label; name the one to read: --text-column, or data\.textColumn in a config$/,
    ],
    ['a label that is true', '{"text":"a","label":true}', /^rows\.jsonl, line 1: expected a label in label, got true$/],
    [
      'two labels',
      '{"text":"a","label":["b","c"]}',
      /^rows\.jsonl, line 1: expected a label in label, got \["b","c"\]$/,
    ],
  ])('names file and line of a row with %s', async (_, text, message) => {
    expect(await complaint(readJsonl(text))).toMatch(message);
  });

  it('complains about a file of empty lines', async () => {
    expect(await complaint(readJsonl('\n \n'))).toBe('rows.jsonl: expected rows, got an empty file');
  });
});

describe('readRows', () => {
  it('takes the same rows from both formats, with the hash of the text as id', async () => {
    const rows = await readCsv('text,label\n"a, b",ham\nc,\n');
    expect(await readJsonl('{"text":"a, b","label":"ham"}\n{"text":"c"}\n')).toEqual(rows);
    expect(rows.map(({ id }) => id)).toEqual(['a, b', 'c'].map((text) => contentHash({ text })));
  });

  it('takes text, label and id from the columns that it is told', async () => {
    const columns = { ...COLUMNS, text: 'body', label: 'class', id: 'uid' };
    const row: Row = { id: '7', fields: { text: 'a' }, labels: ['ham'] };
    expect(await readCsv('uid,body,class,text,label\n7,a,ham,x,y\n', columns)).toEqual([row]);
    expect(await readJsonl('{"uid":7,"body":"a","class":"ham","text":"x"}', columns)).toEqual([row]);
  });

  it.each([
    ['a column that is not there', 'text\na\n', 'none'],
    ['an empty cell', 'text,uid\na,\n', '""'],
  ])('complains about an id in %s', async (_, text, got) => {
    const message = await complaint(readCsv(text, { ...COLUMNS, id: 'uid' }));
    expect(message).toBe(`rows.csv, line 2: expected an id in uid, got ${got}`);
  });

  it('takes a label without the spaces around it, and no label where nothing is left', async () => {
    expect(await said(readCsv('text,label\na, ham \nb,\nc, \n'))).toEqual([
      ['a', ['ham']],
      ['b', null],
      ['c', null],
    ]);
    expect(await said(readJsonl('{"text":"b","label":null}\n{"text":"c","label":""}\n'))).toEqual([
      ['b', null],
      ['c', null],
    ]);
  });

  it('splits labels where there is a separator, and takes lists from JSON', async () => {
    const columns = { ...COLUMNS, labelSeparator: '|' };
    expect(await said(readCsv('text,label\na,x| y ||z\nb,x\nc,|\nd,\n', columns))).toEqual([
      ['a', ['x', 'y', 'z']],
      ['b', ['x']],
      ['c', []],
      ['d', null],
    ]);
    expect(await said(readJsonl('{"text":"a","label":["x",1]}\n{"text":"b","label":[]}', columns))).toEqual([
      ['a', ['x', '1']],
      ['b', []],
    ]);
  });

  it('complains about another extension, another encoding, and a file that is not there', async () => {
    expect(await complaint(read('rows.txt', 'text\n'))).toMatch(
      /^rows\.txt: expected a \.jsonl, \.ndjson, \.csv, \.tsv, \.parquet file, got \.txt/,
    );
    const latin1 = Buffer.from('text\nBonn\nK\u00f6ln\n', 'latin1');
    expect(await complaint(read('rows.csv', latin1))).toBe(
      'rows.csv, line 3: expected UTF-8, got another encoding; convert it',
    );
    expect(await complaint(readRows(join(folder, 'none.csv'), COLUMNS))).toMatch(
      /^none\.csv: .* got no such file; check the path$/,
    );
  });
});

describe('readRows of TSV', () => {
  it('takes tabs between fields and commas within them, quotes as in CSV', async () => {
    expect(await said(read('rows.tsv', 'text\tlabel\na, b\tham\n"c\td"\tspam\n'))).toEqual([
      ['a, b', ['ham']],
      ['c\td', ['spam']],
    ]);
  });

  it('names file and line of a broken quote', async () => {
    expect(await complaint(read('rows.tsv', 'text\tlabel\na\tham\n"b" c\tspam\n'))).toMatch(/^rows\.tsv, line 3: /);
  });
});

describe('streamRows', () => {
  const line = (i: number): string => `${JSON.stringify({ text: `Köln 😀 ${i}`, label: `label ${i % 3}` })}\n`;
  const many = Array.from({ length: 60_000 }, (_, i) => line(i)).join('');

  async function* stream(...files: readonly (readonly [string, string | Uint8Array])[]): AsyncGenerator<Row> {
    for (const [name, content] of files) writeFileSync(join(folder, name), content);
    yield* streamRows(
      files.map(([name]) => join(folder, name)),
      COLUMNS,
    );
  }

  it('has every row of a file of many pieces, whatever stands at their borders, and those of the next file', async () => {
    let count = 0;
    for await (const { fields, labels } of stream(
      ['many.jsonl', many],
      ['one.csv', 'text,label\nKöln 😀 60000,label 0\n'],
    )) {
      if (fields.text !== `Köln 😀 ${count}` || labels?.[0] !== `label ${count % 3}`) break;
      count++;
    }
    expect(count).toBe(60_001);
  });

  it('gives rows before it has seen the end, and names the line where the file turns bad', async () => {
    const bad = Buffer.concat([Buffer.from(many), Uint8Array.of(0x22, 0xff, 0x0a)]);
    let count = 0;
    const error = await (async () => {
      for await (const _ of stream(['bad.jsonl', bad])) count++;
    })().catch((thrown: Error) => thrown.message);
    expect(count).toBeGreaterThan(50_000);
    expect(error).toMatch(/bad\.jsonl, line 60001: expected UTF-8/);
  });

  it('stops reading where its caller stops', async () => {
    for await (const row of stream(['many.jsonl', many])) {
      expect(row.fields.text).toBe('Köln 😀 0');
      break;
    }
  });

  it('does not take the rest of a large file for one row where a quote never closes', async () => {
    const rows = 'b,ham\n'.repeat(4_000_000);
    expect(await complaint(readCsv(`text,label\na,ham\n"b,spam\n${rows}`))).toMatch(
      /^rows\.csv, line 3: .* never closes/,
    );
  });
});
