/** What all tokenizers with a vocabulary share: the ids of a text, or of its words, between its special tokens. */
import type { VocabularySpec } from '../../format/index.ts';
import { cutText } from './cut.ts';
import type { Encoding, Limits, Tokenizer, WordPlace } from './tokenizer.ts';

/** A tokenizer whose ids are in the order of the text. What kind of pieces it makes is up to {@link split}. */
export abstract class VocabularyTokenizer<Spec extends VocabularySpec> implements Tokenizer {
  readonly vocabSize: number;
  /** Keeps room for what stands behind the text. */
  readonly ids: Int32Array;
  protected readonly spec: Spec;
  /** True once an id found no room. */
  protected isFull = false;
  readonly #maxCharacters: number;
  readonly #prefix: readonly number[];
  readonly #suffix: readonly number[];
  #count = 0;

  constructor(spec: Spec, { maxCharacters, maxTokens }: Limits) {
    this.spec = spec;
    this.vocabSize = spec.vocabSize;
    this.ids = new Int32Array(maxTokens);
    this.#maxCharacters = maxCharacters;
    this.#prefix = spec.prefixIds ?? [];
    this.#suffix = spec.suffixIds ?? [];
  }

  /** Pushes the ids of a text; may stop once {@link isFull}. */
  protected abstract split(text: string): void;

  encode(text: string): Encoding {
    const cut = this.#start(text);
    this.split(cut);
    return this.#end(cut.length < text.length);
  }

  encodeWords(text: string): Encoding {
    const words: WordPlace[] = [];
    const cut = this.#start(text);
    for (const { 0: word, index } of cut.matchAll(/\S+/g)) {
      const token = this.#count;
      this.split(word);
      if (this.#count === token) this.push(this.spec.unknownId);
      if (this.#count === token) break;
      words.push({ start: index, end: index + word.length, token });
    }
    return { ...this.#end(cut.length < text.length), words };
  }

  /** Adds an id, or says from now on that there is no room. */
  protected push(id: number): void {
    if (this.#count + this.#suffix.length >= this.ids.length) this.isFull = true;
    else this.ids[this.#count++] = id;
  }

  #start(text: string): string {
    this.isFull = false;
    this.#count = 0;
    for (const id of this.#prefix) this.ids[this.#count++] = id;
    return cutText(text, this.#maxCharacters);
  }

  #end(isCut: boolean): Encoding {
    for (const id of this.#suffix) this.ids[this.#count++] = id;
    return { count: this.#count, truncated: isCut || this.isFull };
  }
}
