/**
 * SentencePiece Unigram (Kudo 2018, arXiv:1804.10959): the segmentation into known pieces with the highest sum of
 * log-probabilities, by Viterbi. Sums are f32 and ties go to the earlier start, as in the reference implementation
 * (google/sentencepiece), so that the same vocabulary gives the same tokens.
 */
import type { Tensor, UnigramTokenizerSpec } from '../../format/index.ts';
import { unitsAt } from './characters.ts';
import { nmtNfkc } from './normalize.ts';
import type { Limits } from './tokenizer.ts';
import { NO_NODE, ROOT, Trie } from './trie.ts';
import { VocabularyTokenizer } from './vocabulary-tokenizer.ts';

/** How much worse than the least likely piece an unknown character is; the reference's constant. */
const UNKNOWN_PENALTY = 10;

/** Viterbi segmentation over the pieces of a student file. */
export class UnigramTokenizer extends VocabularyTokenizer<UnigramTokenizerSpec> {
  readonly #trie: Trie;
  readonly #scores: Float32Array;
  readonly #unknownScore: number;
  #best = new Float32Array(0);
  #start = new Int32Array(0);
  #piece = new Int32Array(0);

  constructor(
    spec: UnigramTokenizerSpec,
    limits: Limits,
    pieces: readonly string[],
    tensors: ReadonlyMap<string, Tensor>,
  ) {
    super(spec, limits);
    this.#scores = tensors.get('tokenizer.scores')!.data as Float32Array;
    const silent = new Set([spec.unknownId, ...spec.controlIds]);
    // No text leads to the empty string.
    this.#trie = new Trie(pieces.map((piece, id) => (silent.has(id) ? '' : piece)));
    const lowest = this.#scores.reduce(
      (min, score, id) => (silent.has(id) ? min : Math.min(min, score)),
      Number.POSITIVE_INFINITY,
    );
    this.#unknownScore = Math.fround((lowest === Number.POSITIVE_INFINITY ? 0 : lowest) - UNKNOWN_PENALTY);
  }

  protected override split(text: string): void {
    const normalized = nmtNfkc(text);
    this.#segment(normalized);
    this.#emit(normalized.length);
  }

  /** Finds the best path to every position of `text`. */
  #segment(text: string): void {
    const { length } = text;
    if (this.#best.length <= length) this.#grow(length + 1);
    const best = this.#best;
    this.#start.fill(-1, 0, length + 1);
    best[0] = 0;
    for (let from = 0; from < length; ) {
      const units = unitsAt(text, from);
      const base = best[from];
      let known = false;
      let node = ROOT;
      for (let to = from; to < length; ) {
        node = this.#trie.step(node, text.charCodeAt(to));
        if (node === NO_NODE) break;
        to++;
        const id = this.#trie.valueAt(node);
        if (id < 0) continue;
        this.#offer(to, from, id, Math.fround(base + this.#scores[id]));
        known ||= to - from === units;
      }
      if (!known) this.#offer(from + units, from, this.spec.unknownId, Math.fround(base + this.#unknownScore));
      from += units;
    }
  }

  /** Takes the path over `[from, to)` where it is better than the best so far. */
  #offer(to: number, from: number, id: number, score: number): void {
    if (this.#start[to] >= 0 && score <= this.#best[to]) return;
    this.#best[to] = score;
    this.#start[to] = from;
    this.#piece[to] = id;
  }

  /** Adds the ids of the best path, unknown neighbors as one. */
  #emit(length: number): void {
    const [start, piece] = [this.#start, this.#piece];
    // Turns the links around, so that they lead from the first piece to the last.
    let next = 0;
    for (let to = length; to > 0; ) {
      const from = start[to];
      start[to] = next;
      next = to;
      to = from;
    }
    for (let before = -1; next > 0; next = start[next]) {
      const id = piece[next];
      if (id !== this.spec.unknownId || before !== id) this.push(id);
      before = id;
    }
  }

  #grow(length: number): void {
    const size = Math.max(length, 2 * this.#best.length);
    this.#best = new Float32Array(size);
    this.#start = new Int32Array(size);
    this.#piece = new Int32Array(size);
  }
}
