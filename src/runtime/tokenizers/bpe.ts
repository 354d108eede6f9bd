/**
 * Byte-level BPE (Sennrich et al. 2016, arXiv:1508.07909; Radford et al. 2019, "Language Models are Unsupervised
 * Multitask Learners"): each word starts as its bytes, and of all neighbors that merge, those of the lowest rank do, the
 * leftmost first. A tree of candidates keeps a word of n bytes at n log n, however long it is, and a word that was seen
 * lately is not merged again.
 */
import { type BpeTokenizerSpec, readPieces, type Tensor } from '../../format/index.ts';
import { wordEnd } from './gpt2-words.ts';
import { wellFormed } from './normalize.ts';
import { NOTHING, PairTable } from './pair-table.ts';
import type { Limits } from './tokenizer.ts';
import { VocabularyTokenizer } from './vocabulary-tokenizer.ts';
import { WordCache } from './word-cache.ts';

/** Above every position in a word: a rank times this, plus the position, orders candidates, and is exact in F64. */
const POSITIONS = 0x1000000;
/** The key of ids that do not merge. */
const NEVER = Number.POSITIVE_INFINITY;

/** Merges over the pieces of a student file. */
export class BpeTokenizer extends VocabularyTokenizer<BpeTokenizerSpec> {
  /** Id of each byte; `vocabSize`, which merges with nothing, for a byte that is no piece. */
  readonly #bytes: Int32Array;
  /** Id that two neighboring ids merge to. */
  readonly #merges: PairTable;
  readonly #ranks: ArrayLike<number> | undefined;
  readonly #words = new WordCache();
  /** Of the word at hand: the id that starts at each of its bytes, and where the ids beside it start. */
  #id = new Int32Array(0);
  #next = new Int32Array(0);
  #previous = new Int32Array(0);
  /**
   * When the ids beside each other merge: first the least of all, at 1; the least of a half at 2 and at 3, and so on; from
   * the length of the word on, the key of each position. Between words all are {@link NEVER}. At 0 is what no
   * key is below, where a way up ends.
   */
  #keys = new Float64Array(0);

  constructor(spec: BpeTokenizerSpec, limits: Limits, tensors: ReadonlyMap<string, Tensor>) {
    super(spec, limits);
    const pieces = readPieces(tensors, false);
    const ids = new Map(pieces.map((piece, id) => [piece, id]));
    this.#bytes = Int32Array.from({ length: 256 }, (_, byte) => ids.get(String.fromCharCode(byte)) ?? spec.vocabSize);
    this.#merges = new PairTable(spec.vocabSize);
    for (const [id, split] of tensors.get('tokenizer.splits')!.data.entries()) {
      const piece = pieces[id];
      if (split > 0) this.#merges.set(ids.get(piece.slice(0, split))!, ids.get(piece.slice(split))!, id);
    }
    this.#ranks = tensors.get('tokenizer.ranks')?.data;
  }

  protected override split(text: string): void {
    let clean = this.spec.nfc ? wellFormed(text).normalize('NFC') : text;
    if (this.spec.addPrefixSpace && /^[^ ]/.test(clean)) clean = ` ${clean}`;
    for (let at = 0; at < clean.length && !this.isFull; ) {
      const end = wordEnd(clean, at);
      let count = this.#words.get(clean, at, end, this.#id);
      if (count === 0) {
        const length = this.#split(clean, at, end);
        this.#merge(length);
        count = this.#collect(length);
        this.#words.set(clean, at, end, this.#id, count);
      }
      for (let i = 0; i < count; i++) this.push(this.#id[i]);
      at = end;
    }
  }

  /** Starts a word, the part `[start, end)` of `text`, as the ids of its bytes in UTF-8. @returns how many there are */
  #split(text: string, start: number, end: number): number {
    if (this.#id.length <= 3 * (end - start)) this.#grow(3 * (end - start) + 64);
    let length = 0;
    for (let at = start; at < end; ) {
      let code = text.codePointAt(at)!;
      const units = code > 0xffff ? 2 : 1;
      at += units;
      // A lone surrogate.
      if (code >> 11 === 0xd800 >> 11) code = 0xfffd;
      // Bytes behind the first, each with 6 bits of the code; the high bits of the first say how many.
      let rest = code < 0x80 ? 0 : code < 0x800 ? 1 : units + 1;
      for (let mark = rest > 0 ? -128 >> rest : code & 0x40; rest >= 0; mark = 0x80) {
        this.#id[length] = this.#bytes[(mark | ((code >> (6 * rest--)) & 0x3f)) & 0xff];
        this.#previous[length] = length - 1;
        this.#next[length] = ++length;
      }
    }
    this.#id[length] = NOTHING;
    return length;
  }

  #merge(length: number): void {
    const [id, next, previous, keys] = [this.#id, this.#next, this.#previous, this.#keys];
    for (let i = 0; i < length; i++) this.#offer(length, i);
    while (keys[1] < NEVER) {
      // `&` takes the low bits, which are the position.
      const left = keys[1] & (POSITIONS - 1);
      const right = next[left];
      id[left] = this.#merges.get(id[left], id[right]);
      id[right] = NOTHING;
      next[left] = next[right];
      previous[next[left]] = left;
      this.#offer(length, right);
      this.#offer(length, left);
      if (left > 0) this.#offer(length, previous[left]);
    }
  }

  /** Sets the key of the ids that start at `left` and behind it, and what is least above it. */
  #offer(length: number, left: number): void {
    const keys = this.#keys;
    const merged = this.#merges.get(this.#id[left], this.#id[this.#next[left]]);
    let least = merged === NOTHING ? NEVER : (this.#ranks?.[merged] ?? merged) * POSITIONS + left;
    for (let at = length + left; keys[at] !== least; at >>= 1) {
      keys[at] = least;
      if (keys[at ^ 1] < least) least = keys[at ^ 1];
    }
  }

  /** Moves the ids of the word to the front, unknown neighbors as one. @returns how many there are */
  #collect(length: number): number {
    let count = 0;
    for (let at = 0, before = 0; at < length; at = this.#next[at]) {
      const id = this.#id[at];
      if (id < this.vocabSize) this.#id[count++] = id;
      else if (before < this.vocabSize) this.#id[count++] = this.spec.unknownId;
      before = id;
    }
    return count;
  }

  #grow(size: number): void {
    this.#id = new Int32Array(size);
    this.#next = new Int32Array(size);
    this.#previous = new Int32Array(size);
    this.#keys = new Float64Array(2 * size).fill(NEVER, 1);
  }
}
