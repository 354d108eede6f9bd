/**
 * Remembers the ids of words, since most words of a text have been in one before. Its memory is fixed: when it is full,
 * it forgets all. A word has one place, by a hash, and takes it from the word before it, so that no choice of words makes
 * a search long: at worst, nothing is found.
 */

/** Bits of a hash that choose a place. */
const PLACE_BITS = 14;
/** Integers for all entries. */
const CAPACITY = 0x8000;
/** Most integers of an entry: longer words seldom come again. */
const MAX_ENTRY = 256;

/** A map from words to ids that may lose any of them at any time. */
export class WordCache {
  /** Where the entry of each place starts. */
  readonly #starts = new Int32Array(2 ** PLACE_BITS);
  /** Of each entry the units of its word, -1, the ids, -1. */
  readonly #entries = new Int32Array(CAPACITY);
  #end = 0;
  #place = 0;

  /**
   * Writes the ids of a word, the part `[start, end)` of `text`, to the front of `ids`.
   *
   * @param ids as long as any list that was {@link set}
   * @returns how many there are, or 0 where they are not known
   */
  get(text: string, start: number, end: number, ids: Int32Array): number {
    const entries = this.#entries;
    let hash = 0;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x9e3779b1);
    this.#place = hash >>> (32 - PLACE_BITS);
    let at = this.#starts[this.#place];
    for (let i = start; i < end; i++) if (entries[at++] !== text.charCodeAt(i)) return 0;
    if (entries[at] !== -1) return 0;
    let count = 0;
    while (entries[++at] >= 0) ids[count++] = entries[at];
    return count;
  }

  /** Remembers the first `count` of `ids`, at least one, for the word that {@link get} was asked for last. */
  set(text: string, start: number, end: number, ids: Int32Array, count: number): void {
    const entries = this.#entries;
    if (end - start + count + 2 > MAX_ENTRY) return;
    if (this.#end > CAPACITY - MAX_ENTRY) {
      this.#end = 0;
      this.#starts.fill(0);
    }
    this.#starts[this.#place] = this.#end;
    for (let i = start; i < end; i++) entries[this.#end++] = text.charCodeAt(i);
    entries[this.#end++] = -1;
    for (let i = 0; i < count; i++) entries[this.#end++] = ids[i];
    entries[this.#end++] = -1;
  }
}
