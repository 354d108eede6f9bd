/** The sentence encoder as a config asks for it. */

/** Universal Sentence Encoder lite; the teacher where a config names none. */
export interface SentenceEncoderConfig {
  readonly kind?: 'universal-sentence-encoder';
  /** Longest text that it reads, in UTF-16 code units. Default 800. */
  readonly maxCharacters?: number;
  /** Most pieces that it reads, at most 128. Default 128. */
  readonly maxPieces?: number;
}

/** The same with its defaults. */
export type SentenceEncoderOptions = Required<SentenceEncoderConfig>;
