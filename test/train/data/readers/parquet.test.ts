import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../../src/train/data/dataset.ts';
import { readRows, streamRows } from '../../../../src/train/data/read-rows.ts';
import { readParquetClassNames } from '../../../../src/train/data/readers/parquet.ts';
import type { RowColumns } from '../../../../src/train/data/row-columns.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const COLUMNS: RowColumns = { text: 'text', label: 'label', id: null, labelSeparator: null };
const folder = temporaryFolder('parquet');
const golden = (codec: string): string => join(import.meta.dirname, 'parquet-golden', `${codec}.parquet`);

function write(columnData: ColumnSource[], rowGroupSize = 1000): string {
  return writeBytes(new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize })));
}

function writeBytes(bytes: Uint8Array | string): string {
  const path = join(folder, 'rows.parquet');
  writeFileSync(path, bytes);
  return path;
}

async function said(path: string, columns = COLUMNS): Promise<unknown> {
  return (await readRows(path, columns)).map(({ fields, labels }) => [fields.text, labels]);
}

describe('readRows of Parquet that Apache Arrow wrote', () => {
  it.each(['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4'])(
    'has its 70 rows in order, with the names of their classes (codec %s)',
    async (codec) => {
      const names = await readParquetClassNames(golden(codec), 'label');
      expect(names).toEqual(['ham', 'spam']);
      const rows: Row[] = [];
      for await (const row of streamRows([golden(codec)], COLUMNS, names)) rows.push(row);
      expect(rows.map(({ fields, labels }) => [fields.text, labels])).toEqual(
        Array.from({ length: 70 }, (_, i) => [`Köln 😀 ${i}`, i % 7 === 6 ? null : [['ham', 'spam'][i % 2]]]),
      );
    },
  );

  it('has the numbers as labels where nobody asks for the names', async () => {
    expect((await readRows(golden('snappy'), COLUMNS)).slice(0, 2).map(({ labels }) => labels)).toEqual([['0'], ['1']]);
  });

  it('knows no names of a column that has none', async () => {
    expect(await readParquetClassNames(golden('snappy'), 'text')).toBeNull();
    expect(await readParquetClassNames(write([{ name: 'text', data: ['a'] }]), 'label')).toBeNull();
  });
});

describe('readRows of Parquet', () => {
  it('reads back any texts, over the borders of row groups', async () => {
    const texts = fc.array(
      fc.string({ unit: 'grapheme' }).filter((text) => text.trim() !== ''),
      { minLength: 1, maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(texts, async (data) => {
        const labels = data.map((_, i) => `label ${i % 2}`);
        const path = write(
          [
            { name: 'label', data: labels },
            { name: 'text', data },
          ],
          7,
        );
        expect(await said(path)).toEqual(data.map((text, i) => [text, [labels[i]]]));
      }),
      { numRuns: 100 },
    );
  });

  it('takes labels and ids that are integers of 64 bits, and lists of labels', async () => {
    const path = write([
      { name: 'text', data: ['a', 'b'] },
      { name: 'label', data: [1n, 2n], type: 'INT64' },
      { name: 'uid', data: [7n, 2n ** 60n + 1n], type: 'INT64' },
    ]);
    expect((await readRows(path, { ...COLUMNS, id: 'uid' })).map(({ id, labels }) => [id, labels])).toEqual([
      ['7', ['1']],
      [String(2n ** 60n + 1n), ['2']],
    ]);
  });

  it.each<[string, () => string, RegExp]>([
    ['is no Parquet', () => writeBytes('{"text":"a","label":"b"}\n'), /parquet: expected a Parquet file, got .*PAR1/],
    ['is empty', () => writeBytes(''), /parquet: expected a Parquet file, got 0 bytes/],
    [
      'is cut off',
      () => writeBytes(readFileSync(golden('snappy')).subarray(0, -20)),
      /parquet: expected a Parquet file/,
    ],
    [
      'has no rows',
      () => write([{ name: 'text', data: [], type: 'STRING' }]),
      /parquet: expected rows, got an empty file/,
    ],
    [
      'has no such column',
      () => write([{ name: 'body', data: ['a'] }]),
      /expected a column text, got body; name the one to read: --text-column/,
    ],
    [
      'has a row without text',
      () => write([{ name: 'text', data: ['a', null] }]),
      /parquet, row 2: expected text in text, got null/,
    ],
    [
      'has numbers for text',
      () => write([{ name: 'text', data: [1, 2] }]),
      /parquet, row 1: expected text in text, got 1/,
    ],
  ])('complains about a file that %s', async (_, make, message) => {
    await expect(readRows(make(), COLUMNS)).rejects.toMatchObject({
      code: 'invalid_data',
      message: expect.stringMatching(message),
    });
  });

  it('names the row group whose bytes are broken', async () => {
    const bytes = Uint8Array.from(readFileSync(golden('zstd')));
    bytes.fill(0xff, 60, 200);
    await expect(readRows(writeBytes(bytes), COLUMNS)).rejects.toThrow(
      /rows\.parquet, row group 1 \(rows 1 to 40\): expected Parquet, got .*; write the file again/,
    );
  });

  it('either reads a file with damaged bytes or complains as about any bad data (300 files)', async () => {
    const good = readFileSync(golden('snappy'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        async (damage) => {
          const bytes = Uint8Array.from(good);
          for (const [position, value] of damage) bytes[position] = value;
          await readRows(writeBytes(bytes), COLUMNS).catch((error) =>
            expect(error).toMatchObject({ code: 'invalid_data' }),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
