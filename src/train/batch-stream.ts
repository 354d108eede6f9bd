/**
 * The endless stream of training rows: pass after pass over all of them, each in a new order. Batches run over the end
 * of a pass, so that all are full.
 */
import type { Random } from './random.ts';

/** Where a stream stands; plain data. */
export interface BatchStreamState {
  readonly order: Int32Array;
  readonly position: number;
}

/** Draws batches of row numbers. */
export class BatchStream {
  readonly #random: Random;
  #order: number[];
  #position: number;

  /** @param rows at least 1 */
  constructor(rows: number, random: Random, state?: BatchStreamState) {
    this.#random = random;
    this.#order = state === undefined ? Array.from({ length: rows }, (_, row) => row) : [...state.order];
    this.#position = state?.position ?? rows;
  }

  /** @returns the rows of the next batch */
  next(batchSize: number): readonly number[] {
    const batch: number[] = [];
    while (batch.length < batchSize) {
      if (this.#position === this.#order.length) {
        this.#random.shuffle(this.#order);
        this.#position = 0;
      }
      batch.push(this.#order[this.#position++]);
    }
    return batch;
  }

  state(): BatchStreamState {
    return { order: Int32Array.from(this.#order), position: this.#position };
  }
}
