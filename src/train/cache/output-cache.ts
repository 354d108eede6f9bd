/**
 * Teacher outputs on disk, under a hash of what the teacher read and never under a position: the hand-over point of
 * distillation, which any teacher can fill.
 *
 * Keys are in memory, values are read where they lie. Records are only appended: a process that is killed leaves at most
 * a torn last record, which the next one cuts off. They are handed to the operating system as they come, and to the disk
 * by {@link OutputCache.flush}. Their order tells who came first; {@link OutputCache.sort} makes it that of the keys, so
 * that the same outputs are the same bytes, whatever way they came.
 */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError, RetortError } from '../../format/index.ts';
import { makeFolder, WriteError } from '../atomic-file.ts';
import { fileFault } from '../file-fault.ts';
import { readFully } from '../storage/read-file.ts';
import { checkHeader, type EntryHeader, recordsFile } from './entry.ts';
import { lockFolder } from './folder-lock.ts';
import { KeyIndex, keyAt, keyOf } from './key-index.ts';
import { decodeValues, encodeRecord, recordBytes, type ScannedRecords, scanRecords } from './records.ts';

/** Bytes that are written at once. */
const CHUNK_BYTES = 1 << 20;

/** What a teacher said, under the key of what it read. */
export type Output = readonly [key: string, values: Float32Array];

/** One entry of the cache, open for reading and appending by this process alone. */
export class OutputCache {
  readonly size: number;
  readonly #path: string;
  readonly #unlock: () => Promise<void>;
  #file: FileHandle;
  #index: KeyIndex;
  /** Bytes of whole records. */
  #end: number;
  #isReleased = false;
  /** Appends wait for one another, so that each knows where it begins. */
  #appending: Promise<void> = Promise.resolve();

  private constructor(path: string, size: number, opened: OpenedRecords, unlock: () => Promise<void>) {
    this.#path = path;
    this.size = size;
    this.#file = opened.file;
    this.#index = opened.index;
    this.#end = opened.end;
    this.#unlock = unlock;
  }

  /**
   * Opens the entry `id` below `directory`, or makes it.
   *
   * @param size values of one output
   * @throws WriteError where the folder cannot be written; InputError with code `cache_locked` where another process
   * has the entry, `cache_mismatch` where the entry holds outputs of another size or version
   */
  static async open(directory: string, id: string, size: number): Promise<OutputCache> {
    const folder = join(directory, id);
    await makeFolder(folder);
    const unlock = await lockFolder(folder);
    try {
      await checkHeader(folder, { id, size });
      await removeUnfinished(folder);
      const path = recordsFile(folder);
      return new OutputCache(path, size, await openRecords(path, size), unlock);
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  /** Number of outputs. */
  get count(): number {
    return this.#index.count;
  }

  /** Whether there is an output under `key`. */
  has(key: string): boolean {
    return this.#index.find(keyOf(key)) !== undefined;
  }

  /** Number of the keys in `keys` that there is an output under. */
  countOf(keys: KeyIndex): number {
    return keys.countIn(this.#index);
  }

  /** The output under `key`, or undefined; read from the file. */
  get(key: string): Float32Array | undefined {
    const position = this.#index.find(keyOf(key));
    if (position === undefined) return undefined;
    const record = Buffer.allocUnsafe(recordBytes(this.size));
    this.#read(position, record);
    return decodeValues(record);
  }

  /** Appends an output; one that is there already stays. */
  async put(key: string, values: Float32Array): Promise<void> {
    await this.putAll([[key, values]]);
  }

  /** Appends outputs, with one write; of two under one key the first stays. */
  async putAll(outputs: readonly Output[]): Promise<void> {
    await this.#append(outputs, (key) => this.#index.find(key) === undefined);
  }

  /** Appends an output; it takes the place of one that is there already as soon as the cache is sorted. */
  async replace(key: string, values: Float32Array): Promise<void> {
    await this.#append([[key, values]], () => true);
  }

  /** Waits until everything is on the disk. */
  async flush(): Promise<void> {
    await this.#file.sync();
  }

  /**
   * Brings the records into the order of their keys and drops damaged ones, by way of a second file: whoever is killed
   * meanwhile leaves the first one.
   *
   * @throws WriteError
   */
  async sort(): Promise<void> {
    this.#expectOwned();
    const positions = this.#index.sortedPositions();
    const isSorted = positions.every((position, rank) => position === rank);
    if (isSorted && this.#end === positions.length * recordBytes(this.size)) return;
    const temporary = `${this.#path}.${randomUUID()}.tmp`;
    try {
      await this.#copy(positions, temporary);
      await rename(temporary, this.#path);
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw cause instanceof RetortError ? cause : new WriteError(this.#path, cause);
    }
    const sorted = await openRecords(this.#path, this.size);
    await this.#file.close();
    this.#file = sorted.file;
    this.#index = sorted.index;
    this.#end = sorted.end;
  }

  /**
   * Flushes and lets other processes in. What is there can still be read, and nothing can be appended any more.
   *
   * @throws WriteError
   */
  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    try {
      await this.#file.sync();
    } catch (cause) {
      throw new WriteError(this.#path, cause);
    } finally {
      await this.#unlock();
    }
  }

  /** Releases and closes. */
  async close(): Promise<void> {
    try {
      await this.release();
    } finally {
      await this.#file.close();
    }
  }

  #expectOwned(): void {
    if (this.#isReleased)
      throw new Error(`${this.#path}: expected an entry of this process, got one that was released`);
  }

  async #append(outputs: readonly Output[], isWanted: (key: Uint32Array) => boolean): Promise<void> {
    this.#expectOwned();
    for (const [, values] of outputs) {
      if (values.length === this.size) continue;
      throw new InputError(`teacher output: expected ${this.size} values, got ${values.length}`);
    }
    const appended = this.#appending.then(async () => {
      const wanted = new Map<string, Float32Array>();
      for (const [key, values] of outputs) {
        if (!wanted.has(key) && isWanted(keyOf(key))) wanted.set(key, values);
      }
      if (wanted.size === 0) return;
      const records = [...wanted].map(([key, values]) => encodeRecord(key, values));
      try {
        await this.#file.appendFile(Buffer.concat(records));
      } catch (cause) {
        // What a full disk took of it would shift every record behind it.
        await this.#file.truncate(this.#end).catch(() => undefined);
        throw new WriteError(this.#path, cause);
      }
      for (const record of records) {
        this.#index.set(keyAt(record, 0), this.#end / record.length);
        this.#end += record.length;
      }
    });
    this.#appending = appended.catch(() => undefined);
    await appended;
  }

  async #copy(positions: Uint32Array, path: string): Promise<void> {
    const length = recordBytes(this.size);
    const chunk = Buffer.allocUnsafe(length * Math.max(1, Math.floor(CHUNK_BYTES / length)));
    const file = await open(path, 'wx');
    try {
      let filled = 0;
      for (const position of positions) {
        this.#read(position, chunk.subarray(filled, filled + length));
        filled += length;
        if (filled < chunk.length) continue;
        await file.appendFile(chunk);
        filled = 0;
      }
      await file.appendFile(chunk.subarray(0, filled));
      await file.sync();
    } finally {
      await file.close();
    }
  }

  #read(position: number, record: Buffer): void {
    readFully(this.#file.fd, record, position * record.length, this.#path);
  }
}

interface OpenedRecords {
  readonly file: FileHandle;
  readonly index: KeyIndex;
  readonly end: number;
}

/** Opens a file and cuts off a torn record. A damaged one is passed over: its text will be labelled again. */
async function openRecords(path: string, size: number): Promise<OpenedRecords> {
  const file = await open(path, 'a+').catch((cause) => {
    throw new WriteError(path, cause);
  });
  const index = new KeyIndex();
  const { end } = await scanRecords(file, size, (record, position) => {
    const key = keyAt(record, 0);
    if (index.find(key) === undefined) index.set(key, position);
  });
  await file.truncate(end);
  return { file, index, end };
}

/** Removes what a sort that was killed has left. */
async function removeUnfinished(folder: string): Promise<void> {
  const prefix = `${basename(recordsFile(folder))}.`;
  for (const name of await readdir(folder)) {
    if (name.startsWith(prefix) && name.endsWith('.tmp')) await rm(join(folder, name), { force: true });
  }
}

/**
 * Reads the sound records of an entry that others may be writing, without touching it.
 *
 * @throws InputError with code `cache_mismatch` where there are none to read
 */
export async function scanEntry(
  folder: string,
  { size }: EntryHeader,
  onRecord: (key: string, values: Float32Array) => void | Promise<void>,
): Promise<ScannedRecords> {
  const path = recordsFile(folder);
  const file = await open(path, 'r').catch((cause) => {
    throw new InputError(`${path}: expected records, got ${fileFault(cause)}; copy the folder as a whole`, {
      code: 'cache_mismatch',
      cause,
    });
  });
  try {
    return await scanRecords(file, size, (record) => onRecord(record.toString('hex', 0, 32), decodeValues(record)));
  } finally {
    await file.close();
  }
}
