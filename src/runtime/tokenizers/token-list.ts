/** The ids of one text, between the special tokens that stand around every text (`[CLS] ... [SEP]`). */
import type { Encoding } from './tokenizer.ts';

/** A buffer of ids that keeps room for what stands behind the text. */
export class TokenList {
  readonly ids: Int32Array;
  readonly #prefix: readonly number[];
  readonly #suffix: readonly number[];
  #count = 0;

  /** True once an id found no room. */
  isFull = false;

  /** @param maxTokens ids of a text, `prefix` and `suffix` counted */
  constructor(maxTokens: number, prefix: readonly number[] = [], suffix: readonly number[] = []) {
    this.ids = new Int32Array(maxTokens);
    this.#prefix = prefix;
    this.#suffix = suffix;
  }

  /** Starts the next text. */
  start(): void {
    this.isFull = false;
    this.#count = 0;
    for (const id of this.#prefix) this.ids[this.#count++] = id;
  }

  /** Adds an id, or says from now on that the list is full. */
  push(id: number): void {
    if (this.#count + this.#suffix.length >= this.ids.length) this.isFull = true;
    else this.ids[this.#count++] = id;
  }

  /** Ends the text. @param isCut whether characters of it were left out */
  end(isCut: boolean): Encoding {
    for (const id of this.#suffix) this.ids[this.#count++] = id;
    return { count: this.#count, truncated: isCut || this.isFull };
  }
}
