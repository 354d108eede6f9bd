/** A hash table from pairs of non-negative integers to integers, in typed arrays. */

/** What {@link PairTable.get} returns for a pair that is not there. */
export const NOTHING = -1;

/** Open addressing with linear probing, at most two thirds full. */
export class PairTable {
  readonly #mask: number;
  readonly #first: Int32Array;
  readonly #second: Int32Array;
  readonly #value: Int32Array;

  /** @param maxPairs most pairs that are set */
  constructor(maxPairs: number) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(16, maxPairs * 1.5)));
    this.#mask = capacity - 1;
    this.#first = new Int32Array(capacity).fill(NOTHING);
    this.#second = new Int32Array(capacity);
    this.#value = new Int32Array(capacity).fill(NOTHING);
  }

  /** Gives the pair a value. */
  set(first: number, second: number, value: number): void {
    const slot = this.#slot(first, second);
    this.#first[slot] = first;
    this.#second[slot] = second;
    this.#value[slot] = value;
  }

  /** The value of the pair, or {@link NOTHING}. */
  get(first: number, second: number): number {
    return this.#value[this.#slot(first, second)];
  }

  /** Where the pair is, or the free slot where it belongs. */
  #slot(first: number, second: number): number {
    let slot = (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> 7;
    for (slot &= this.#mask; this.#first[slot] !== NOTHING; slot = (slot + 1) & this.#mask) {
      if (this.#first[slot] === first && this.#second[slot] === second) return slot;
    }
    return slot;
  }
}
