/** The rows of a transfer set as numbers, cut into batches with everything that a loss needs. */
import type { PredictorInput } from '../runtime/index.ts';
import { answersOf } from './answers.ts';
import { stackRows } from './losses/loss.ts';
import type { LossTargets } from './losses/total-loss.ts';
import type { Network } from './network.ts';
import { StoredRowReader } from './stored-rows.ts';
import { createTokenBatch, type TextIds, type TokenBatch } from './token-batch.ts';
import { hardTarget, type TransferSet } from './transfer-set.ts';

/** Rows on disk that are kept: what a few batches have. */
const KEPT_ROWS = 4096;

/** Some rows, ready for a step. */
export interface RowBatch {
  readonly tokens: TokenBatch;
  readonly targets: LossTargets;
}

/** The ids of a text, those of both texts of a pair, or the bytes of an image. */
type Encoded = readonly TextIds[];

/** A row on disk, read and tokenized. */
interface ReadRow {
  readonly tokens: Encoded;
  readonly logits: Float32Array;
  /** Null where a run uses no feature loss. */
  readonly features: Float32Array | null;
}

/** Tokenizes the inputs in memory once, and those on disk, which come last, whenever a batch has them. */
export class EncodedRows {
  readonly #set: TransferSet;
  readonly #network: Pick<Network, 'encode' | 'encodeWords'>;
  readonly #tokens: readonly Encoded[];
  readonly #stored: StoredRowReader | null;
  readonly #rowsRead = new Map<number, ReadRow>();

  constructor(set: TransferSet, network: Pick<Network, 'encode' | 'encodeWords'>) {
    this.#set = set;
    this.#network = network;
    this.#tokens = set.inputs.map((input) => this.#encode(input));
    this.#stored = set.stored === undefined ? null : new StoredRowReader(set.stored);
  }

  get count(): number {
    return this.#tokens.length + (this.#stored?.count ?? 0);
  }

  /** Tokens of a row. */
  tokens(row: number): number {
    return lengthOf(this.#tokensOf(row));
  }

  /** Answers that `rows` get: one each; to tag, one a word that is read. */
  answers(rows: readonly number[]): number {
    return rows.reduce((count, row) => count + (this.#tokensOf(row)[0].words?.length ?? 1), 0);
  }

  /** Those of them that are labelled. */
  labelled(rows: readonly number[]): number {
    return this.answers(rows.filter((row) => this.#isLabelled(row)));
  }

  /** Whether a teacher said something about the rows. */
  get hasTeacher(): boolean {
    return this.#set.teacherLogits !== null;
  }

  batch(rows: readonly number[]): RowBatch {
    const encoded = rows.map((row) => this.#tokensOf(row));
    const texts = encoded[0].flatMap((_, text) => encoded.map((one) => one[text]));
    const words = this.#network.encodeWords === undefined ? undefined : texts.map((text) => text.words!);
    return {
      tokens: createTokenBatch(
        texts.map(({ ids }) => ids),
        words,
      ),
      targets: this.targets(rows),
    };
  }

  /** What a network should say about some rows, answer by answer. */
  targets(rows: readonly number[]): LossTargets {
    const { teacherLogits, teacherFeatures } = this.#set;
    const pick = (inMemory: readonly Float32Array[], field: 'logits' | 'features') => (row: number) =>
      inMemory[row] ?? this.#readRow(row)[field]!;
    const logitsOf = teacherLogits === null ? null : pick(teacherLogits, 'logits');
    const featuresOf = teacherFeatures === null ? null : pick(teacherFeatures, 'features');
    return {
      targets: rows.flatMap((row) => this.#targets(row)),
      teacherLogits: logitsOf === null ? null : stackRows(rows.flatMap((row) => this.#read(logitsOf(row), row))),
      teacherFeatures: featuresOf === null ? null : stackRows(rows.map(featuresOf)),
    };
  }

  /** The numbers of all rows in memory in batches of similar length, shortest first. */
  batchesByLength(batchSize: number): readonly (readonly number[])[] {
    const lengths = this.#tokens.map(lengthOf);
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
    return row >= this.#tokens.length;
  }

  #isLabelled(row: number): boolean {
    return this.#isStored(row) ? this.#set.stored!.hardLabelled : this.#set.targets[row] !== null;
  }

  /** The target of each answer of a row; null where it is unlabelled. */
  #targets(row: number): readonly (Float32Array | null)[] {
    if (!this.#isLabelled(row)) return new Array<null>(this.answers([row])).fill(null);
    const target = this.#isStored(row)
      ? hardTarget(this.#readRow(row).logits, this.#set)
      : (this.#set.targets[row] as Float32Array);
    return this.#read(target, row);
  }

  /** What is said about a row, of the words that the network reads. */
  #read(values: Float32Array, row: number): readonly Float32Array[] {
    return answersOf(values, this.#set).slice(0, this.answers([row]));
  }

  #encode(input: PredictorInput): Encoded {
    const words = this.#network.encodeWords?.(input as string);
    return words === undefined ? this.#network.encode(input).map((ids) => ({ ids })) : [words];
  }

  #tokensOf(row: number): Encoded {
    return this.#isStored(row) ? this.#readRow(row).tokens : this.#tokens[row];
  }

  /** A row on disk, read once for everything that a step wants of it. */
  #readRow(row: number): ReadRow {
    const kept = this.#rowsRead.get(row);
    if (kept !== undefined) return kept;
    const { text, logits, features } = this.#stored!.at(row - this.#tokens.length);
    if (this.#rowsRead.size === KEPT_ROWS) this.#rowsRead.clear();
    const read = { tokens: this.#encode(text), logits, features };
    this.#rowsRead.set(row, read);
    return read;
  }
}

function lengthOf(encoded: Encoded): number {
  return encoded.reduce((sum, { ids }) => sum + ids.length, 0);
}
