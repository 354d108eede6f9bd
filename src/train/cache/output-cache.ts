/**
 * Teacher outputs on disk, under a hash of what the teacher read and never under a position: the hand-over point of
 * distillation, which any teacher can fill.
 *
 * An entry is a folder with `entry.json` (id, size, version) and `records.bin`: one record after the other, each a key
 * of 32 bytes, `size` F32 values (little-endian) and a CRC-32 of both. Records are only appended. A process that is
 * killed leaves at most a torn last record, which the next one cuts off. Records are flushed to the operating system
 * one by one, and to the disk by {@link OutputCache.flush}.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { InputError } from '../../format/index.ts';
import { makeFolder, WriteError, writeFileAtomic } from '../atomic-file.ts';
import { lockFolder } from './folder-lock.ts';

const VERSION = 1;
const KEY_BYTES = 32;
const CRC_BYTES = 4;

/** Key of a teacher's input: SHA-256 over the length-prefixed fields that it reads. */
export function outputKey(...fields: readonly string[]): string {
  const hash = createHash('sha256');
  for (const field of fields) {
    const bytes = Buffer.from(field, 'utf8');
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(bytes.length));
    hash.update(length).update(bytes);
  }
  return hash.digest('hex');
}

/** One entry of the cache, open for reading and appending by this process alone. */
export class OutputCache {
  readonly size: number;
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #unlock: () => Promise<void>;
  readonly #outputs: Map<string, Float32Array>;
  /** Bytes of whole records. */
  #end: number;

  private constructor(
    path: string,
    size: number,
    file: FileHandle,
    outputs: Map<string, Float32Array>,
    end: number,
    unlock: () => Promise<void>,
  ) {
    this.#path = path;
    this.size = size;
    this.#file = file;
    this.#outputs = outputs;
    this.#end = end;
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
      await checkHeader(join(folder, 'entry.json'), id, size);
      const path = join(folder, 'records.bin');
      const file = await open(path, 'a+').catch((cause) => {
        throw new WriteError(path, cause);
      });
      const { outputs, end } = readRecords(await readFile(path), size);
      await file.truncate(end);
      return new OutputCache(path, size, file, outputs, end, unlock);
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  /** Number of outputs. */
  get count(): number {
    return this.#outputs.size;
  }

  /** The output under `key`, or undefined. */
  get(key: string): Float32Array | undefined {
    return this.#outputs.get(key);
  }

  /** Appends an output; one that is there already stays. */
  async put(key: string, values: Float32Array): Promise<void> {
    if (values.length !== this.size) {
      throw new InputError(`teacher output: expected ${this.size} values, got ${values.length}`);
    }
    if (this.#outputs.has(key)) return;
    const record = encodeRecord(key, values);
    try {
      await this.#file.appendFile(record);
    } catch (cause) {
      // What a full disk took of it would shift every record behind it.
      await this.#file.truncate(this.#end).catch(() => undefined);
      throw new WriteError(this.#path, cause);
    }
    this.#end += record.length;
    this.#outputs.set(key, values);
  }

  /** Waits until everything is on the disk. */
  async flush(): Promise<void> {
    await this.#file.sync();
  }

  /** Flushes, closes, and lets other processes in. */
  async close(): Promise<void> {
    try {
      await this.#file.sync();
    } catch (cause) {
      throw new WriteError(this.#path, cause);
    } finally {
      await this.#file.close();
      await this.#unlock();
    }
  }
}

async function checkHeader(path: string, id: string, size: number): Promise<void> {
  const expected = JSON.stringify({ version: VERSION, id, size });
  const found = await readFile(path, 'utf8').catch(() => null);
  if (found === null) await writeFileAtomic(path, expected);
  else if (found !== expected) {
    const message = `${path}: expected ${expected}, got ${found.slice(0, 200)}; delete the folder to label again`;
    throw new InputError(message, { code: 'cache_mismatch' });
  }
}

function encodeRecord(key: string, values: Float32Array): Buffer {
  const record = Buffer.alloc(KEY_BYTES + 4 * values.length + CRC_BYTES);
  record.write(key, 0, 'hex');
  for (let i = 0; i < values.length; i++) record.writeFloatLE(values[i], KEY_BYTES + 4 * i);
  const body = record.subarray(0, -CRC_BYTES);
  record.writeUInt32LE(crc32(body), body.length);
  return record;
}

/** Reads all whole records. A damaged one is passed over: its text will be labelled again, and the others stay. */
function readRecords(bytes: Buffer, size: number): { outputs: Map<string, Float32Array>; end: number } {
  const length = KEY_BYTES + 4 * size + CRC_BYTES;
  const outputs = new Map<string, Float32Array>();
  const end = bytes.length - (bytes.length % length);
  for (let at = 0; at < end; at += length) {
    const record = bytes.subarray(at, at + length);
    if (crc32(record.subarray(0, -CRC_BYTES)) !== record.readUInt32LE(length - CRC_BYTES)) continue;
    const values = Float32Array.from({ length: size }, (_, i) => record.readFloatLE(KEY_BYTES + 4 * i));
    outputs.set(record.toString('hex', 0, KEY_BYTES), values);
  }
  return { outputs, end };
}
