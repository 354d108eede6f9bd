/** The rows of a transfer set as token ids, cut into batches with everything that a loss needs. */
import { type Matrix, stackRows } from './losses/loss.ts';
import type { LossTargets } from './losses/total-loss.ts';
import { createTokenBatch, type TokenBatch } from './token-batch.ts';
import type { TransferSet } from './transfer-set.ts';

/** Some rows, ready for a step. */
export interface RowBatch {
  readonly tokens: TokenBatch;
  readonly targets: LossTargets;
}

/** Tokenizes the texts of a set once. */
export class EncodedRows {
  readonly #set: TransferSet;
  readonly #ids: readonly Int32Array[];

  constructor(set: TransferSet, encode: (text: string) => Int32Array) {
    this.#set = set;
    this.#ids = set.texts.map(encode);
  }

  get count(): number {
    return this.#ids.length;
  }

  /** Tokens of a row. */
  tokens(row: number): number {
    return this.#ids[row].length;
  }

  /** Rows of `rows` that are labelled. */
  labelled(rows: readonly number[]): number {
    return rows.reduce((count, row) => count + (this.#set.targets[row] === null ? 0 : 1), 0);
  }

  /** Whether a teacher said something about the rows. */
  get hasTeacher(): boolean {
    return this.#set.teacherLogits !== null;
  }

  batch(rows: readonly number[]): RowBatch {
    return { tokens: createTokenBatch(rows.map((row) => this.#ids[row])), targets: this.targets(rows) };
  }

  /** What a network should say about some rows. */
  targets(rows: readonly number[]): LossTargets {
    const pick = (vectors: readonly Float32Array[] | null): Matrix | null =>
      vectors === null ? null : stackRows(rows.map((row) => vectors[row]));
    return {
      targets: rows.map((row) => this.#set.targets[row]),
      teacherLogits: pick(this.#set.teacherLogits),
      teacherFeatures: pick(this.#set.teacherFeatures),
    };
  }

  /** The numbers of all rows in batches of similar length, shortest first. */
  batchesByLength(batchSize: number): readonly (readonly number[])[] {
    const order = this.#ids.map((_, row) => row).sort((a, b) => this.#ids[a].length - this.#ids[b].length || a - b);
    const batches: number[][] = [];
    for (let i = 0; i < order.length; i += batchSize) batches.push(order.slice(i, i + batchSize));
    return batches;
  }
}
