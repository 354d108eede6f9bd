/**
 * WordPiece (Schuster and Nakajima 2012; as BERT uses it, arXiv:1810.04805): of each word the longest known piece from
 * the left, again and again; pieces inside a word are spelled with `##` in front. A word that does not come out whole is
 * unknown as a whole.
 */
import type { WordPieceTokenizerSpec } from '../../format/index.ts';
import { bertText, classAt, LETTER, SPACE } from './bert-text.ts';
import { unitsAt } from './characters.ts';
import type { Limits } from './tokenizer.ts';
import { NO_NODE, ROOT, Trie } from './trie.ts';
import { VocabularyTokenizer } from './vocabulary-tokenizer.ts';

/** Greedy longest match over the pieces of a student file. */
export class WordPieceTokenizer extends VocabularyTokenizer<WordPieceTokenizerSpec> {
  readonly #trie: Trie;
  /** Where pieces inside a word start: behind `##`. */
  readonly #inner: number;
  /** Pieces of the word at hand. */
  readonly #word: Int32Array;

  constructor(spec: WordPieceTokenizerSpec, limits: Limits, pieces: readonly string[]) {
    super(spec, limits);
    this.#trie = new Trie(pieces);
    const half = this.#trie.step(ROOT, 0x23);
    this.#inner = half === NO_NODE ? NO_NODE : this.#trie.step(half, 0x23);
    this.#word = new Int32Array(spec.maxCharactersPerWord);
  }

  protected override split(text: string): void {
    const clean = bertText(text, this.spec);
    for (let at = 0; at < clean.length && !this.isFull; ) {
      const start = at;
      const kind = classAt(clean, at);
      let characters = 1;
      at += unitsAt(clean, at);
      if (kind === SPACE) continue;
      for (; kind === LETTER && at < clean.length && classAt(clean, at) === LETTER; characters++) {
        at += unitsAt(clean, at);
      }
      this.#push(clean, start, at, characters);
    }
  }

  /** Adds the pieces of the word `[start, end)`, or that it is unknown. */
  #push(text: string, start: number, end: number, characters: number): void {
    const pieces = characters > this.#word.length ? -1 : this.#match(text, start, end);
    if (pieces === -1) this.push(this.spec.unknownId);
    for (let i = 0; i < pieces; i++) this.push(this.#word[i]);
  }

  /** Finds the pieces of a word. @returns how many there are, or -1 where a rest matches none */
  #match(text: string, start: number, end: number): number {
    let count = 0;
    for (let from = start; from < end; count++) {
      let node = from === start ? ROOT : this.#inner;
      let longest = from;
      for (let to = from; to < end && node !== NO_NODE; ) {
        node = this.#trie.step(node, text.charCodeAt(to++));
        const id = node === NO_NODE ? -1 : this.#trie.valueAt(node);
        if (id < 0) continue;
        this.#word[count] = id;
        longest = to;
      }
      if (longest === from) return -1;
      from = longest;
    }
    return count;
  }
}
