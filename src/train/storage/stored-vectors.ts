/** Vectors of one width on disk, F32 in the byte order of the machine: what a teacher said about stored texts. */
import { createHash } from 'node:crypto';
import { closeSync } from 'node:fs';
import { FileWriter } from './file-writer.ts';
import { openStored, readFully } from './read-file.ts';

/** A file of vectors; plain data. */
export interface StoredVectors {
  readonly path: string;
  /** Values of one vector. */
  readonly width: number;
  /** SHA-256 of the file, hex. */
  readonly checksum: string;
}

/** Writes vectors one after the other. */
export class VectorWriter {
  readonly #file: FileWriter;
  readonly #hash = createHash('sha256');
  #width = 0;

  private constructor(file: FileWriter) {
    this.#file = file;
  }

  /** @throws WriteError */
  static async create(path: string): Promise<VectorWriter> {
    return new VectorWriter(await FileWriter.create(path));
  }

  /**
   * @param vector as wide as the ones before it
   * @throws WriteError
   */
  async add(vector: Float32Array): Promise<void> {
    const bytes = new Uint8Array(vector.slice().buffer);
    this.#width = vector.length;
    this.#hash.update(bytes);
    await this.#file.write(bytes);
  }

  /** Closes a file that will not be finished. */
  async abandon(): Promise<void> {
    await this.#file.abandon();
  }

  /** @throws WriteError */
  async finish(): Promise<StoredVectors> {
    await this.#file.close();
    return { path: this.#file.path, width: this.#width, checksum: this.#hash.digest('hex') };
  }
}

/** Reads single vectors, in any order. */
export class VectorReader {
  readonly #stored: StoredVectors;
  readonly #descriptor: number;

  constructor(stored: StoredVectors) {
    this.#stored = stored;
    this.#descriptor = openStored(stored.path);
  }

  /** @throws RetortError with code `file_cut` */
  at(row: number): Float32Array {
    const { path, width } = this.#stored;
    const vector = new Float32Array(width);
    readFully(this.#descriptor, new Uint8Array(vector.buffer), 4 * width * row, path);
    return vector;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
