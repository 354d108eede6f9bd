/**
 * Texts on disk, for a transfer set that is larger than memory: one file of UTF-16, which keeps every string as it is,
 * half surrogates too, and in memory where each text begins.
 */
import { createHash } from 'node:crypto';
import { closeSync } from 'node:fs';
import { FileWriter } from './file-writer.ts';
import { openStored, readFully } from './read-file.ts';

/** Bytes that are read at once by whoever reads all texts. */
const CHUNK_BYTES = 1 << 20;

/** A file of texts: plain data, which threads share without a copy. */
export interface StoredTexts {
  readonly path: string;
  /** Where each text begins, in bytes, and behind them where the last one ends. */
  readonly starts: Float64Array;
  /** SHA-256 of the texts, each behind its length, hex. */
  readonly checksum: string;
}

/** @returns the number of texts */
export function countTexts({ starts }: StoredTexts): number {
  return starts.length - 1;
}

/** Writes texts one after the other. */
export class TextWriter {
  readonly #file: FileWriter;
  readonly #hash = createHash('sha256');
  #starts = new Float64Array(1024);
  #count = 0;

  private constructor(file: FileWriter) {
    this.#file = file;
  }

  /** @throws WriteError */
  static async create(path: string): Promise<TextWriter> {
    return new TextWriter(await FileWriter.create(path));
  }

  /** @throws WriteError */
  async add(text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf16le');
    this.#hash.update(`${bytes.length}:`).update(bytes);
    await this.#file.write(bytes);
    this.#count++;
    if (this.#count === this.#starts.length) {
      const grown = new Float64Array(2 * this.#starts.length);
      grown.set(this.#starts);
      this.#starts = grown;
    }
    this.#starts[this.#count] = this.#file.bytes;
  }

  /** Closes a file that will not be finished. */
  async abandon(): Promise<void> {
    await this.#file.abandon();
  }

  /** @throws WriteError */
  async finish(): Promise<StoredTexts> {
    await this.#file.close();
    const starts = new Float64Array(new SharedArrayBuffer(8 * (this.#count + 1)));
    starts.set(this.#starts.subarray(0, this.#count + 1));
    return { path: this.#file.path, starts, checksum: this.#hash.digest('hex') };
  }
}

/** All texts in their order, as often as somebody asks for them; memory holds a piece of the file. */
export function allTexts(stored: StoredTexts): Iterable<string> {
  return { [Symbol.iterator]: () => iterate(stored) };
}

function* iterate({ path, starts }: StoredTexts): Generator<string> {
  const descriptor = openStored(path);
  try {
    for (let from = 0; from < starts.length - 1; ) {
      let to = from + 1;
      while (to < starts.length - 1 && starts[to + 1] - starts[from] <= CHUNK_BYTES) to++;
      const chunk = Buffer.allocUnsafe(starts[to] - starts[from]);
      readFully(descriptor, chunk, starts[from], path);
      for (let text = from; text < to; text++) {
        yield chunk.toString('utf16le', starts[text] - starts[from], starts[text + 1] - starts[from]);
      }
      from = to;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Reads single texts, in any order. */
export class TextReader {
  readonly #stored: StoredTexts;
  readonly #descriptor: number;

  constructor(stored: StoredTexts) {
    this.#stored = stored;
    this.#descriptor = openStored(stored.path);
  }

  /** @throws RetortError with code `file_cut` */
  at(text: number): string {
    const { path, starts } = this.#stored;
    const bytes = Buffer.allocUnsafe(starts[text + 1] - starts[text]);
    readFully(this.#descriptor, bytes, starts[text], path);
    return bytes.toString('utf16le');
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
