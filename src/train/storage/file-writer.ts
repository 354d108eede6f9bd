/** Writes a file from its beginning in large pieces. It is no output: who is killed leaves a part of it behind. */
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder, WriteError } from '../atomic-file.ts';

/** Bytes that are written at once. */
const CHUNK_BYTES = 1 << 20;

/** A file that grows. */
export class FileWriter {
  readonly path: string;
  readonly #file: FileHandle;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #bytes = 0;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /**
   * Makes the file, and its folder; one that is there already is begun anew.
   *
   * @throws WriteError
   */
  static async create(path: string): Promise<FileWriter> {
    await makeFolder(dirname(path));
    try {
      return new FileWriter(path, await open(path, 'w'));
    } catch (cause) {
      throw new WriteError(path, cause);
    }
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws WriteError */
  async write(bytes: Uint8Array): Promise<void> {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#bytes += bytes.length;
    if (this.#waitingBytes >= CHUNK_BYTES) await this.#flush();
  }

  /** @throws WriteError */
  async close(): Promise<void> {
    try {
      await this.#flush();
    } finally {
      await this.#file.close();
    }
  }

  /** Closes the file without what was not written yet. */
  async abandon(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }

  async #flush(): Promise<void> {
    try {
      await this.#file.appendFile(Buffer.concat(this.#waiting));
    } catch (cause) {
      throw new WriteError(this.path, cause);
    }
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}
