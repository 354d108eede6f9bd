/**
 * Byte-level BPE (Sennrich et al. 2016, arXiv:1508.07909; Radford et al. 2019, "Language Models are Unsupervised
 * Multitask Learners"): each word starts as its bytes, and of all neighbors that merge, those of the lowest rank do, the
 * leftmost first. A tree of candidates keeps a word of n bytes at n log n, however long it is.
 */
import type { BpeTokenizerSpec, Tensor } from '../../format/index.ts';
import { wordEnd } from './gpt2-words.ts';
import { wellFormed } from './normalize.ts';
import { NOTHING, PairTable } from './pair-table.ts';
import type { Limits } from './tokenizer.ts';
import { VocabularyTokenizer } from './vocabulary-tokenizer.ts';

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
  readonly #encoder = new TextEncoder();
  /** The text as UTF-8, ended by a zero, where that is, and where the next word starts. */
  #text = new Uint8Array(0);
  #end = 0;
  #at = 0;
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

  constructor(spec: BpeTokenizerSpec, limits: Limits, pieces: readonly string[], tensors: ReadonlyMap<string, Tensor>) {
    super(spec, limits);
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
    if (this.#text.length <= 3 * clean.length) this.#text = new Uint8Array(3 * clean.length + 1);
    this.#end = this.#encoder.encodeInto(clean, this.#text).written;
    this.#text[this.#end] = 0;
    this.#at = 0;
    for (let at = 0; at < clean.length && !this.isFull; ) {
      const end = wordEnd(clean, at);
      const length = this.#split(end - at);
      this.#merge(length);
      this.#emit(length);
      at = end;
    }
  }

  /** Starts the next word, of `units` UTF-16 code units, as the ids of its bytes. @returns how many there are */
  #split(units: number): number {
    const most = Math.min(3 * units, this.#end - this.#at);
    if (this.#id.length <= most) this.#grow(most + 64);
    let length = 0;
    for (let rest = units; ; this.#at++) {
      const byte = this.#text[this.#at];
      const isFirst = (byte & 0xc0) !== 0x80;
      if (isFirst && rest === 0) break;
      if (isFirst) rest -= byte < 0xf0 ? 1 : 2;
      this.#id[length] = this.#bytes[byte];
      this.#previous[length] = length - 1;
      this.#next[length] = ++length;
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

  /** Adds the ids of the word, unknown neighbors as one. */
  #emit(length: number): void {
    for (let at = 0, before = 0; at < length; at = this.#next[at]) {
      const id = this.#id[at];
      if (id < this.vocabSize) this.push(id);
      else if (before < this.vocabSize) this.push(this.spec.unknownId);
      before = id;
    }
  }

  #grow(size: number): void {
    this.#id = new Int32Array(size);
    this.#next = new Int32Array(size);
    this.#previous = new Int32Array(size);
    this.#keys = new Float64Array(2 * size).fill(NEVER, 1);
  }
}
