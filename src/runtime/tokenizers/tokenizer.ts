/** Turns a text into token ids. One instance serves one student and is not safe to share between threads. */

/** How much of a text is read. */
export interface Limits {
  readonly maxCharacters: number;
  readonly maxTokens: number;
}

/** Outcome of one tokenization; `ids` of the tokenizer hold the first `count` ids until the next call. */
export interface Encoding {
  /** Ids written, at most the tokenizer's `maxTokens`. */
  readonly count: number;
  /** True where characters or tokens were left out. */
  readonly truncated: boolean;
  /** Of a text that was read word by word, the words of which at least the first id found room. */
  readonly words?: readonly WordPlace[];
}

/** A word of a text. */
export interface WordPlace {
  /** First UTF-16 code unit of the text, and the one behind the last. */
  readonly start: number;
  readonly end: number;
  /** Place of the word's first id among those of the text. */
  readonly token: number;
}

/** A tokenizer with its own output buffer, so that encoding allocates nothing that grows with the text. */
export interface Tokenizer {
  /** Number of ids; every id is below it. */
  readonly vocabSize: number;
  /** Buffer of `maxTokens` ids that {@link encode} fills. */
  readonly ids: Int32Array;
  /**
   * Fills {@link ids} from `text`; lone surrogates read as U+FFFD. The empty text gives no ids, or those that the
   * spec puts around every text.
   */
  encode(text: string): Encoding;
  /**
   * Fills {@link ids} from the words of `text`, which white space parts: each is read as a text of its own, and one that
   * gives no ids as an unknown one. Absent where ids have no order.
   */
  encodeWords?(text: string): Encoding;
}
