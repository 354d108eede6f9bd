/** Which texts a split has, how often, and with which labels; by a hash of each text, so that texts are not kept. */
import { createHash } from 'node:crypto';

/** Bytes of a hash: two of 10^9 texts share one of 96 bits with a probability below 10^-10. */
const HASH_BYTES = 12;

/** A text with more than one label, and two rows that say so. */
export interface Contradiction {
  readonly text: string;
  readonly first: { readonly place: string; readonly labels: readonly string[] };
  readonly second: { readonly place: string; readonly labels: readonly string[] };
}

interface Entry {
  rows: number;
  labels: readonly string[] | null;
  place: string;
  contradicted: boolean;
}

/** Counts texts, one row after the other. */
export class TextCounter {
  readonly #entries = new Map<string, Entry>();
  readonly #examples: Contradiction[] = [];
  readonly #maxExamples: number;
  #duplicates = 0;
  #contradictions = 0;

  /** @param maxExamples how many contradictions are kept to be shown */
  constructor(maxExamples: number) {
    this.#maxExamples = maxExamples;
  }

  /** Rows beyond the first one of their text. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Texts that stand with two different labels or more. */
  get contradictions(): number {
    return this.#contradictions;
  }

  /** The first contradictions. */
  get examples(): readonly Contradiction[] {
    return this.#examples;
  }

  /** @param key what the row counts as, the text itself or its normalized form */
  add(key: string, text: string, labels: readonly string[] | null, place: string): void {
    const hash = createHash('sha256')
      .update(key)
      .digest('base64')
      .slice(0, (HASH_BYTES * 4) / 3);
    const entry = this.#entries.get(hash);
    if (entry === undefined) {
      this.#entries.set(hash, { rows: 1, labels, place, contradicted: false });
      return;
    }
    entry.rows++;
    this.#duplicates++;
    if (labels === null) return;
    if (entry.labels === null) Object.assign(entry, { labels, place });
    else if (!entry.contradicted && !isSame(entry.labels, labels)) this.#contradict(entry, text, labels, place);
  }

  /** @returns how many rows of this split have a text that `other` has too */
  rowsIn(other: TextCounter): number {
    let rows = 0;
    for (const hash of other.#entries.keys()) rows += this.#entries.get(hash)?.rows ?? 0;
    return rows;
  }

  #contradict(entry: Entry, text: string, labels: readonly string[], place: string): void {
    entry.contradicted = true;
    this.#contradictions++;
    if (this.#examples.length === this.#maxExamples) return;
    const first = { place: entry.place, labels: entry.labels! };
    this.#examples.push({ text, first, second: { place, labels } });
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((label) => b.includes(label));
}
