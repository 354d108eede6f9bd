/** Unlabelled rows as they come in: each text once, the first ones in memory, and those beyond a limit on disk. */
import { KeyIndex, keyOf } from '../cache/key-index.ts';
import { outputKey } from '../cache/output-key.ts';
import { type StoredTexts, TextWriter } from '../storage/stored-texts.ts';
import type { Row } from './dataset.ts';
import { TEXT_FIELD } from './row-columns.ts';

/** How many rows stay in memory, and where the others go. */
export interface UnlabelledRoom {
  readonly maxInMemory: number;
  readonly storeFile: string;
}

/** Rows by where they are. */
export interface GatheredRows {
  readonly rows: readonly Row[];
  /** Null where all are in memory. */
  readonly stored: StoredTexts | null;
}

/** Gathers rows of several sources. */
export class UnlabelledRows {
  readonly #room: UnlabelledRoom;
  /** The texts so far, each with the source that had it last. */
  readonly #sources = new KeyIndex();
  readonly #rows: Row[] = [];
  #writer: TextWriter | null = null;

  constructor(room: UnlabelledRoom) {
    this.#room = room;
  }

  /**
   * Sees a text.
   *
   * @param source number of the source that it stands in
   * @returns the source that had it before, or null
   */
  see(text: string, source: number): number | null {
    const key = keyOf(outputKey(text));
    const before = this.#sources.find(key) ?? null;
    this.#sources.set(key, source);
    return before;
  }

  /** Keeps a row. @throws WriteError */
  async keep(row: Row): Promise<void> {
    if (this.#rows.length < this.#room.maxInMemory) {
      this.#rows.push({ ...row, labels: null });
      return;
    }
    this.#writer ??= await TextWriter.create(this.#room.storeFile);
    await this.#writer.add(row.fields[TEXT_FIELD]);
  }

  /** Closes what is open where something went wrong. */
  async abandon(): Promise<void> {
    await this.#writer?.abandon();
  }

  /** @throws WriteError */
  async finish(): Promise<GatheredRows> {
    return { rows: this.#rows, stored: (await this.#writer?.finish()) ?? null };
  }
}
