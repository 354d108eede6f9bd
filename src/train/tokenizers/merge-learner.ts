/**
 * Learns the merges of byte-pair encoding (Sennrich et al. 2016, arXiv:1508.07909): the most frequent pair of neighbors
 * becomes one symbol, again and again. Words are linked lists in typed arrays, and a pair knows where it stood, so that
 * a merge costs no more than its occurrences; the best pair comes from a heap whose stale entries are put back.
 */
import { Heap } from './heap.ts';

/** A merge that was learned; symbol `first + i` is what merge `i` makes. */
export interface Merge {
  readonly left: number;
  readonly right: number;
}

/** A word as symbols, and how often it occurs. */
export interface CountedWord {
  readonly symbols: ArrayLike<number> & Iterable<number>;
  readonly count: number;
}

interface Pair {
  readonly index: number;
  readonly left: number;
  readonly right: number;
  count: number;
  /** Where its left symbol stood when it was seen; some may have changed since. */
  readonly positions: number[];
}

/** More symbols than there can be, so that two of them make one exact key. */
const SYMBOLS = 2 ** 24;
/** More pairs than there can be: a count times this, less the index of the pair, orders pairs. */
const PAIRS = 2 ** 24;
const GONE = -1;

/** Learns from words; equally frequent pairs merge in the order in which they were first seen. */
export class MergeLearner {
  readonly #symbol: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #weight: Float64Array;
  readonly #pairs = new Map<number, Pair>();
  readonly #byIndex: Pair[] = [];
  readonly #heap = new Heap();

  constructor(words: readonly CountedWord[]) {
    const length = words.reduce((sum, { symbols }) => sum + symbols.length, 0);
    this.#symbol = new Int32Array(length);
    this.#next = new Int32Array(length).fill(GONE);
    this.#previous = new Int32Array(length).fill(GONE);
    this.#weight = new Float64Array(length);
    let at = 0;
    for (const { symbols, count } of words) {
      for (let i = 0; i < symbols.length; i++, at++) {
        this.#symbol[at] = symbols[i];
        this.#weight[at] = count;
        if (i === 0) continue;
        this.#previous[at] = at - 1;
        this.#next[at - 1] = at;
        this.#see(at - 1);
      }
    }
    for (const pair of this.#byIndex) this.#offer(pair);
  }

  /**
   * The next merge, which has been made everywhere.
   *
   * @param made the symbol that it makes
   * @param isWanted whether a pair may merge at all; one that may not is never asked about again
   * @returns null where no pair occurs twice
   */
  merge(made: number, isWanted: (left: number, right: number) => boolean): Merge | null {
    for (let key = this.#heap.pop(); key !== Heap.EMPTY; key = this.#heap.pop()) {
      const count = Math.ceil(-key / PAIRS);
      const pair = this.#byIndex[count * PAIRS + key];
      if (pair.count < 2) continue;
      if (pair.count !== count) this.#offer(pair);
      else if (isWanted(pair.left, pair.right)) {
        this.#replace(pair, made);
        return { left: pair.left, right: pair.right };
      }
    }
    return null;
  }

  #offer(pair: Pair): void {
    this.#heap.push(pair.index - pair.count * PAIRS);
  }

  /** Counts the pair that starts at `at`. @returns it */
  #see(at: number): Pair {
    const left = this.#symbol[at];
    const right = this.#symbol[this.#next[at]];
    const key = left * SYMBOLS + right;
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      pair = { index: this.#byIndex.length, left, right, count: 0, positions: [] };
      this.#pairs.set(key, pair);
      this.#byIndex.push(pair);
    }
    pair.count += this.#weight[at];
    pair.positions.push(at);
    return pair;
  }

  /** No longer counts the pair that starts at `at`. */
  #forget(at: number): void {
    const pair = this.#pairs.get(this.#symbol[at] * SYMBOLS + this.#symbol[this.#next[at]])!;
    pair.count -= this.#weight[at];
  }

  #replace({ left, right, positions }: Pair, made: number): void {
    const grown = new Set<Pair>();
    for (const at of positions) {
      const behind = this.#next[at];
      if (this.#symbol[at] !== left || behind === GONE || this.#symbol[behind] !== right) continue;
      const [before, after] = [this.#previous[at], this.#next[behind]];
      if (before !== GONE) this.#forget(before);
      this.#forget(at);
      if (after !== GONE) this.#forget(behind);
      this.#symbol[at] = made;
      this.#symbol[behind] = GONE;
      this.#next[at] = after;
      if (before !== GONE) grown.add(this.#see(before));
      if (after === GONE) continue;
      this.#previous[after] = at;
      grown.add(this.#see(at));
    }
    positions.length = 0;
    for (const pair of grown) this.#offer(pair);
  }
}
