/** The rows of a transfer set as token ids, cut into batches with everything that a loss needs. */
import type { StudentSpec, Tensor } from '../format/index.ts';
import { createTokenizer } from '../runtime/index.ts';
import { type Matrix, stackRows } from './losses/loss.ts';
import type { LossTargets } from './ops/total-loss.ts';
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

  constructor(set: TransferSet, spec: StudentSpec, tokenizerTensors: ReadonlyMap<string, Tensor>) {
    const tokenizer = createTokenizer(spec.tokenizer, spec, tokenizerTensors);
    this.#set = set;
    this.#ids = set.texts.map((text) => {
      const { count } = tokenizer.encode(text);
      return tokenizer.ids.slice(0, count);
    });
  }

  get count(): number {
    return this.#ids.length;
  }

  batch(rows: readonly number[]): RowBatch {
    const pick = (vectors: readonly Float32Array[] | null): Matrix | null =>
      vectors === null ? null : stackRows(rows.map((row) => vectors[row]));
    return {
      tokens: createTokenBatch(rows.map((row) => this.#ids[row])),
      targets: {
        targets: rows.map((row) => this.#set.targets[row]),
        teacherLogits: pick(this.#set.teacherLogits),
        teacherFeatures: pick(this.#set.teacherFeatures),
      },
    };
  }

  /** All rows in batches of similar length, shortest first. */
  *batchesByLength(batchSize: number): Generator<RowBatch> {
    const order = this.#ids.map((_, row) => row).sort((a, b) => this.#ids[a].length - this.#ids[b].length || a - b);
    for (let i = 0; i < order.length; i += batchSize) yield this.batch(order.slice(i, i + batchSize));
  }
}
