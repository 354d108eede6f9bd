/** A binary heap of numbers, smallest first. */
export class Heap {
  /** What an empty heap gives; no key may be it. */
  static readonly EMPTY: number = Number.POSITIVE_INFINITY;
  #keys = new Float64Array(64);
  #size = 0;

  push(key: number): void {
    if (this.#size === this.#keys.length) {
      const grown = new Float64Array(2 * this.#size);
      grown.set(this.#keys);
      this.#keys = grown;
    }
    const keys = this.#keys;
    let at = this.#size++;
    for (; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (keys[parent] <= key) break;
      keys[at] = keys[parent];
      at = parent;
    }
    keys[at] = key;
  }

  /** Takes the smallest key out; {@link Heap.EMPTY} where there is none. */
  pop(): number {
    if (this.#size === 0) return Heap.EMPTY;
    const keys = this.#keys;
    const smallest = keys[0];
    const key = keys[--this.#size];
    let at = 0;
    for (let child = 1; child < this.#size; child = 2 * at + 1) {
      if (child + 1 < this.#size && keys[child + 1] < keys[child]) child++;
      if (keys[child] >= key) break;
      keys[at] = keys[child];
      at = child;
    }
    keys[at] = key;
    return smallest;
  }
}
