/**
 * Hashed n-grams (Weinberger et al. 2009, arXiv:0902.2206): every n-gram of words, and of characters inside words, is
 * hashed to one of a fixed number of ids. No vocabulary is shipped, nothing is unknown, and the ids are a bag.
 *
 * The text is NFKC-normalized and lower-cased. A word is a run of letters, digits and marks; an ideograph or kana, and
 * any other visible character, is a word of its own. Hashes run over UTF-16 code units, 32-bit FNV-1a, with a final
 * mix; each kind and length of n-gram starts from a value of its own.
 */
import type { HashedTokenizerSpec } from '../../format/index.ts';
import { classifier, unitsAt } from './characters.ts';
import { cutText } from './cut.ts';
import { nfkc } from './normalize.ts';
import type { Encoding, Limits, Tokenizer } from './tokenizer.ts';

const FNV_PRIME = 0x01000193;
const FNV_OFFSET = 0x811c9dc5;
/** Stands before and behind a word in its character n-grams; no text can contain it. */
const BOUNDARY = 0xffff;
/** Separates words in the hash of a word n-gram. */
const SPACE = 0x20;

const WORD_CHARACTER = /[\p{L}\p{N}\p{M}]/u;
const WRITTEN_WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** What a character is to the tokenizer. */
const GAP = 1;
const PART = 2;
const ALONE = 3;

const classAt = classifier((character) => {
  if (WORD_CHARACTER.test(character)) return WRITTEN_WITHOUT_SPACES.test(character) ? ALONE : PART;
  return /[\s\p{C}]/u.test(character) ? GAP : ALONE;
});

function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Hashes n-grams without cutting strings. */
export class HashedTokenizer implements Tokenizer {
  readonly vocabSize: number;
  readonly ids: Int32Array;
  readonly #spec: HashedTokenizerSpec;
  readonly #maxCharacters: number;
  /** First and last-plus-one unit of the words that word n-grams may still reach back to. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  #count = 0;
  #left = false;

  constructor(spec: HashedTokenizerSpec, limits: Limits) {
    this.vocabSize = spec.buckets;
    this.ids = new Int32Array(limits.maxTokens);
    this.#spec = spec;
    this.#maxCharacters = limits.maxCharacters;
    this.#starts = new Int32Array(Math.max(1, spec.wordNgrams));
    this.#ends = new Int32Array(Math.max(1, spec.wordNgrams));
  }

  encode(text: string): Encoding {
    const cut = cutText(text, this.#maxCharacters);
    const normalized = nfkc(cut).toLowerCase();
    this.#count = 0;
    this.#left = false;
    let words = 0;
    for (let at = 0; at < normalized.length && !this.#left; ) {
      const start = at;
      const kind = classAt(normalized, at);
      at += unitsAt(normalized, at);
      if (kind === GAP) continue;
      while (kind === PART && at < normalized.length && classAt(normalized, at) === PART) at += unitsAt(normalized, at);
      this.#word(normalized, start, at, words++);
    }
    return { count: this.#count, truncated: cut.length < text.length || this.#left };
  }

  /** Emits every n-gram that ends with the word `[start, end)`, the `index`-th of the text. */
  #word(text: string, start: number, end: number, index: number): void {
    const { wordNgrams, charNgrams } = this.#spec;
    if (wordNgrams > 0) {
      this.#starts[index % wordNgrams] = start;
      this.#ends[index % wordNgrams] = end;
      for (let n = 1; n <= Math.min(wordNgrams, index + 1); n++) this.#emit(this.#hashWords(text, index, n));
    }
    if (charNgrams === null) return;
    for (let n = charNgrams[0]; n <= Math.min(charNgrams[1], end - start + 2); n++)
      this.#characters(text, start, end, n);
  }

  #hashWords(text: string, index: number, n: number): number {
    let hash = Math.imul(FNV_OFFSET ^ n, FNV_PRIME);
    for (let word = index - n + 1; word <= index; word++) {
      const slot = word % this.#spec.wordNgrams;
      for (let i = this.#starts[slot], end = this.#ends[slot]; i < end; i++) {
        hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
      }
      hash = Math.imul(hash ^ SPACE, FNV_PRIME);
    }
    return hash;
  }

  /** Emits the character n-grams of length `n` of a word with a boundary on both sides. */
  #characters(text: string, start: number, end: number, n: number): void {
    for (let from = start - 1; from + n <= end + 1; from++) {
      let hash = Math.imul(FNV_OFFSET ^ (n << 8), FNV_PRIME);
      for (let i = from; i < from + n; i++) {
        const unit = i < start || i >= end ? BOUNDARY : text.charCodeAt(i);
        hash = Math.imul(hash ^ unit, FNV_PRIME);
      }
      this.#emit(hash);
    }
  }

  #emit(hash: number): void {
    if (this.#count === this.ids.length) this.#left = true;
    else this.ids[this.#count++] = mix(hash) % this.vocabSize;
  }
}
