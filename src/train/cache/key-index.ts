/**
 * Where each output lies, by key: a hash table with linear probing over typed arrays. A record costs about 50 bytes, a
 * quarter of what a Map of strings takes, and the values stay on disk: a cache may be larger than memory.
 */

/** Words of a key of 32 bytes, read big-endian, so that comparing words compares bytes. */
export const KEY_WORDS = 8;
/** Entries of one page; pages are added, never moved. */
const PAGE = 1 << 14;
/** Chosen by another word than the first, which decides the shard: keys of one shard would crowd together. */
const HASHED_WORD = 1;

/** Positions of records by key. */
export class KeyIndex {
  readonly #keys: Uint32Array[] = [];
  readonly #positions: Uint32Array[] = [];
  /** Number of the entry, plus 1; 0 where a slot is free. At most half of them are taken. */
  #slots = new Uint32Array(1024);
  #count = 0;

  /** Number of keys. */
  get count(): number {
    return this.#count;
  }

  /** @returns the position under `key`, or undefined */
  find(key: Uint32Array): number | undefined {
    const entry = this.#slots[this.#slotOf(key)];
    return entry === 0 ? undefined : this.#positionOf(entry - 1);
  }

  /** Puts `position` under `key`; one that is there already is replaced. */
  set(key: Uint32Array, position: number): void {
    if (2 * (this.#count + 1) > this.#slots.length) this.#grow();
    const slot = this.#slotOf(key);
    if (this.#slots[slot] === 0) {
      const entry = this.#count++;
      if (entry % PAGE === 0) {
        this.#keys.push(new Uint32Array(PAGE * KEY_WORDS));
        this.#positions.push(new Uint32Array(PAGE));
      }
      this.#keys[Math.floor(entry / PAGE)].set(key, (entry % PAGE) * KEY_WORDS);
      this.#slots[slot] = entry + 1;
    }
    const entry = this.#slots[slot] - 1;
    this.#positions[Math.floor(entry / PAGE)][entry % PAGE] = position;
  }

  /** Number of keys that `other` has as well. */
  countIn(other: KeyIndex): number {
    let count = 0;
    for (let entry = 0; entry < this.#count; entry++) {
      const at = (entry % PAGE) * KEY_WORDS;
      const key = this.#keys[Math.floor(entry / PAGE)].subarray(at, at + KEY_WORDS);
      if (other.find(key) !== undefined) count++;
    }
    return count;
  }

  /** @returns the positions in the order of their keys' bytes */
  sortedPositions(): Uint32Array {
    const entries = Uint32Array.from({ length: this.#count }, (_, entry) => entry);
    entries.sort((a, b) => this.#compare(a, b));
    return entries.map((entry) => this.#positionOf(entry));
  }

  #positionOf(entry: number): number {
    return this.#positions[Math.floor(entry / PAGE)][entry % PAGE];
  }

  /** The slot that holds `key`, or the free one where it belongs. */
  #slotOf(key: Uint32Array): number {
    const mask = this.#slots.length - 1;
    let slot = key[HASHED_WORD] & mask;
    while (this.#slots[slot] !== 0 && !this.#holds(this.#slots[slot] - 1, key)) slot = (slot + 1) & mask;
    return slot;
  }

  #holds(entry: number, key: Uint32Array): boolean {
    const page = this.#keys[Math.floor(entry / PAGE)];
    const at = (entry % PAGE) * KEY_WORDS;
    for (let word = 0; word < KEY_WORDS; word++) if (page[at + word] !== key[word]) return false;
    return true;
  }

  #compare(a: number, b: number): number {
    const [pageA, pageB] = [this.#keys[Math.floor(a / PAGE)], this.#keys[Math.floor(b / PAGE)]];
    const [atA, atB] = [(a % PAGE) * KEY_WORDS, (b % PAGE) * KEY_WORDS];
    for (let word = 0; word < KEY_WORDS; word++) {
      const difference = pageA[atA + word] - pageB[atB + word];
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #grow(): void {
    const slots = new Uint32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let entry = 0; entry < this.#count; entry++) {
      let slot = this.#keys[Math.floor(entry / PAGE)][(entry % PAGE) * KEY_WORDS + HASHED_WORD] & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry + 1;
    }
    this.#slots = slots;
  }
}

/** @returns the words of the 32 bytes at `offset` */
export function keyAt(bytes: Buffer, offset: number): Uint32Array {
  const words = new Uint32Array(KEY_WORDS);
  for (let word = 0; word < KEY_WORDS; word++) words[word] = bytes.readUInt32BE(offset + 4 * word);
  return words;
}

/** @returns the words of a key in hex */
export function keyOf(hex: string): Uint32Array {
  return keyAt(Buffer.from(hex, 'hex'), 0);
}
