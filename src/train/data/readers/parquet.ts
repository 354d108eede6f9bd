/**
 * Rows of an Apache Parquet file, one row group after the other, wanted columns alone: memory holds one row group.
 * Files that the Hugging Face `datasets` library wrote say in their metadata what the numbers of a label mean.
 */
import type { FileHandle } from 'node:fs/promises';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { invalidData } from '../invalid-data.ts';
import { noColumn } from '../row-columns.ts';
import { type ClassNames, classNamesOf } from './class-names.ts';
import { openFile } from './open-file.ts';
import type { RawRow, WantedColumns } from './raw-row.ts';

/**
 * @throws InputError with code `invalid_data` that names the file: no Parquet, none of the wanted columns in it, or a
 * row group that cannot be decoded
 */
export async function* readParquet(path: string, wanted: WantedColumns): AsyncGenerator<RawRow> {
  const handle = await openFile(path);
  try {
    const { parquetReadObjects } = await import('hyparquet');
    const { compressors } = await import('hyparquet-compressors');
    const file = await bufferOf(handle);
    const { metadata, names } = await readMetadata(file, path);
    const columns = chooseColumns(names, wanted, path);
    let rowStart = 0;
    for (const [group, { num_rows: length }] of metadata.row_groups.entries()) {
      const rowEnd = rowStart + Number(length);
      const rows = await parquetReadObjects({ file, metadata, columns, rowStart, rowEnd, compressors }).catch(
        (cause) => {
          const place = `${path}, row group ${group + 1} (rows ${rowStart + 1} to ${rowEnd})`;
          throw invalidData(place, `expected Parquet, got ${(cause as Error).message}; write the file again`, cause);
        },
      );
      for (const [i, values] of rows.entries()) {
        yield { values: plainNumbers(values), columns: names, place: `${path}, row ${rowStart + i + 1}` };
      }
      rowStart = rowEnd;
    }
  } finally {
    await handle.close();
  }
}

/**
 * What the numbers of a column mean, where the file says so.
 *
 * @throws InputError with code `invalid_data` where the file is no Parquet
 */
export async function readParquetClassNames(path: string, column: string): Promise<ClassNames | null> {
  const handle = await openFile(path);
  try {
    const { metadata } = await readMetadata(await bufferOf(handle), path);
    const text = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
    if (text === undefined) return null;
    return classNamesOf((JSON.parse(text) as { info?: { features?: unknown } }).info?.features, column);
  } finally {
    await handle.close();
  }
}

async function bufferOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(end - start);
      await handle.read(bytes, 0, bytes.length, start);
      return bytes.buffer;
    },
  };
}

/** What a file says about itself, with the names of its columns. */
interface Described {
  readonly metadata: FileMetaData;
  readonly names: readonly string[];
}

async function readMetadata(file: AsyncBuffer, path: string): Promise<Described> {
  // The footer alone is 8 bytes after a magic number of 4; what is shorter has no place to look for either.
  if (file.byteLength < 12) throw invalidData(path, `expected a Parquet file, got ${file.byteLength} bytes`);
  const { parquetMetadataAsync, parquetSchema } = await import('hyparquet');
  try {
    const metadata = await parquetMetadataAsync(file);
    return { metadata, names: parquetSchema(metadata).children.map(({ element }) => element.name) };
  } catch (cause) {
    throw invalidData(path, `expected a Parquet file, got ${(cause as Error).message}`, cause);
  }
}

function chooseColumns(names: readonly string[], wanted: WantedColumns, path: string): string[] {
  const columns = names.filter((name) => wanted.includes(name));
  if (columns.includes(wanted[0])) return columns;
  throw noColumn('text', wanted[0], names, path);
}

/** 64-bit integers come as bigint, which neither JSON nor a label can be made of. */
function plainNumbers(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const plain = (value: unknown): unknown => (typeof value === 'bigint' ? exactNumber(value) : value);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)]));
}

function exactNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
