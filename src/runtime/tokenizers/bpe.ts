/**
 * Byte-level BPE (Sennrich et al. 2016, arXiv:1508.07909; Radford et al. 2019, "Language Models are Unsupervised
 * Multitask Learners"): each word starts as its bytes, and of all neighbors that merge, those of the lowest rank do, the
 * leftmost first. A heap of candidates keeps a word of n bytes at n log n, however long it is.
 */
import type { BpeTokenizerSpec, Tensor } from '../../format/index.ts';
import { wordEnd } from './gpt2-words.ts';
import { Heap } from './heap.ts';
import { wellFormed } from './normalize.ts';
import { NOTHING, PairTable } from './pair-table.ts';
import type { Limits } from './tokenizer.ts';
import { VocabularyTokenizer } from './vocabulary-tokenizer.ts';

/** Above every position in a word: rank times this, plus the position, orders candidates, and is exact in F64. */
const POSITIONS = 2 ** 24;

/** Merges over the pieces of a student file. */
export class BpeTokenizer extends VocabularyTokenizer<BpeTokenizerSpec> {
  /** Id of each byte; `vocabSize`, which merges with nothing, for a byte that is no piece. */
  readonly #bytes: Int32Array;
  /** Id that two neighboring ids merge to. */
  readonly #merges: PairTable;
  readonly #ranks: ArrayLike<number> | undefined;
  readonly #candidates = new Heap();
  readonly #encoder = new TextEncoder();
  /** The text as UTF-8, ended by a zero, and where the next word starts. */
  #text = new Uint8Array(0);
  #at = 0;
  /** Of the word at hand: the id that starts at each of its bytes, and where the ids beside it start. */
  #id = new Int32Array(0);
  #next = new Int32Array(0);
  #previous = new Int32Array(0);

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
    this.#text[this.#encoder.encodeInto(clean, this.#text).written] = 0;
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
    if (this.#id.length <= 3 * units) this.#grow(6 * units + 64);
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
    const [id, next, previous] = [this.#id, this.#next, this.#previous];
    for (let i = 0; i < length; i++) this.#offer(i);
    for (let key = this.#candidates.pop(); key !== Heap.EMPTY; key = this.#candidates.pop()) {
      const rank = Math.floor(key / POSITIONS);
      const left = key - rank * POSITIONS;
      const right = next[left];
      const merged = this.#merges.get(id[left], id[right]);
      // What stood here may have merged with something else since.
      if (merged === NOTHING || this.#rankOf(merged) !== rank) continue;
      id[left] = merged;
      id[right] = NOTHING;
      next[left] = next[right];
      previous[next[left]] = left;
      if (left > 0) this.#offer(previous[left]);
      this.#offer(left);
    }
  }

  /** Makes a candidate of the ids that start at `left` and behind it, where they merge. */
  #offer(left: number): void {
    const merged = this.#merges.get(this.#id[left], this.#id[this.#next[left]]);
    if (merged !== NOTHING) this.#candidates.push(this.#rankOf(merged) * POSITIONS + left);
  }

  #rankOf(id: number): number {
    return this.#ranks === undefined ? id : this.#ranks[id];
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
  }
}
