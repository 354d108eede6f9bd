/** The rows of a transfer set as numbers, cut into batches with everything that a loss needs. */
import type { PredictorInput } from '../runtime/index.ts';
import { type Matrix, stackRows } from './losses/loss.ts';
import type { LossTargets } from './losses/total-loss.ts';
import { StoredRowReader } from './stored-rows.ts';
import { createTokenBatch, type TokenBatch } from './token-batch.ts';
import { hardTarget, type TransferSet } from './transfer-set.ts';

/** Rows on disk that are kept: what a few batches have. */
const KEPT_ROWS = 4096;

/** Some rows, ready for a step. */
export interface RowBatch {
  readonly tokens: TokenBatch;
  readonly targets: LossTargets;
}

/** The ids of a text, those of both texts of a pair, or the bytes of an image. */
type Encoded = readonly Int32Array[];

/** A row on disk, read and tokenized. */
interface ReadRow {
  readonly ids: Encoded;
  readonly logits: Float32Array;
  /** Null where a run uses no feature loss. */
  readonly features: Float32Array | null;
}

/** Tokenizes the texts in memory once, and those on disk, which come last, whenever a batch has them. */
export class EncodedRows {
  readonly #set: TransferSet;
  readonly #encode: (input: PredictorInput) => Encoded;
  readonly #ids: readonly Encoded[];
  readonly #stored: StoredRowReader | null;
  readonly #rowsRead = new Map<number, ReadRow>();

  constructor(set: TransferSet, encode: (input: PredictorInput) => Encoded) {
    this.#set = set;
    this.#encode = encode;
    this.#ids = set.texts.map(encode);
    this.#stored = set.stored === undefined ? null : new StoredRowReader(set.stored);
  }

  get count(): number {
    return this.#ids.length + (this.#stored?.count ?? 0);
  }

  /** Tokens of a row. */
  tokens(row: number): number {
    return lengthOf(this.#idsOf(row));
  }

  /** Rows of `rows` that are labelled. */
  labelled(rows: readonly number[]): number {
    return rows.reduce((count, row) => count + (this.#isLabelled(row) ? 1 : 0), 0);
  }

  /** Whether a teacher said something about the rows. */
  get hasTeacher(): boolean {
    return this.#set.teacherLogits !== null;
  }

  batch(rows: readonly number[]): RowBatch {
    const encoded = rows.map((row) => this.#idsOf(row));
    const texts = encoded[0].flatMap((_, text) => encoded.map((ids) => ids[text]));
    return { tokens: createTokenBatch(texts), targets: this.targets(rows) };
  }

  /** What a network should say about some rows. */
  targets(rows: readonly number[]): LossTargets {
    const { teacherLogits, teacherFeatures } = this.#set;
    const pick = (inMemory: readonly Float32Array[] | null, field: 'logits' | 'features'): Matrix | null =>
      inMemory === null ? null : stackRows(rows.map((row) => inMemory[row] ?? this.#readRow(row)[field]!));
    return {
      targets: rows.map((row) => this.#target(row)),
      teacherLogits: pick(teacherLogits, 'logits'),
      teacherFeatures: pick(teacherFeatures, 'features'),
    };
  }

  /** The numbers of all rows in memory in batches of similar length, shortest first. */
  batchesByLength(batchSize: number): readonly (readonly number[])[] {
    const lengths = this.#ids.map(lengthOf);
    const order = lengths.map((_, row) => row).sort((a, b) => lengths[a] - lengths[b] || a - b);
    const batches: number[][] = [];
    for (let i = 0; i < order.length; i += batchSize) batches.push(order.slice(i, i + batchSize));
    return batches;
  }

  /** Closes what is open of rows on disk. */
  close(): void {
    this.#stored?.close();
  }

  #isStored(row: number): boolean {
    return row >= this.#ids.length;
  }

  #isLabelled(row: number): boolean {
    return this.#isStored(row) ? this.#set.stored!.hardLabelled : this.#set.targets[row] !== null;
  }

  #target(row: number): Float32Array | null {
    if (!this.#isStored(row)) return this.#set.targets[row];
    if (!this.#isLabelled(row)) return null;
    return hardTarget(this.#readRow(row).logits, this.#set.multiLabel);
  }

  #idsOf(row: number): Encoded {
    return this.#isStored(row) ? this.#readRow(row).ids : this.#ids[row];
  }

  /** A row on disk, read once for everything that a step wants of it. */
  #readRow(row: number): ReadRow {
    const kept = this.#rowsRead.get(row);
    if (kept !== undefined) return kept;
    const { text, logits, features } = this.#stored!.at(row - this.#ids.length);
    if (this.#rowsRead.size === KEPT_ROWS) this.#rowsRead.clear();
    const read = { ids: this.#encode(text), logits, features };
    this.#rowsRead.set(row, read);
    return read;
  }
}

function lengthOf(encoded: Encoded): number {
  return encoded.reduce((sum, { length }) => sum + length, 0);
}
