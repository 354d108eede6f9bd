/** How a student that reads texts cuts them into tokens. */
import type { Tensor, TokenizerSpec } from '../../format/index.ts';
import type { ResolvedStudent } from '../config/config.ts';
import { type Coverage, pruneVocabulary } from './prune-vocabulary.ts';
import { trainVocabulary } from './train-vocabulary.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A student that reads texts. */
export type TextStudent = Exclude<ResolvedStudent, { readonly family: 'image' }>;

/** The tokenizer of a student. `createTokenizer(spec, limits, tensors)` runs it. */
export interface TokenizerPlan {
  readonly spec: TokenizerSpec;
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** How the vocabulary covers the training texts; null for hashed n-grams. */
  readonly coverage: Coverage | null;
}

/**
 * @param texts that the student learns from
 * @param vocabulary the teacher's, of which the student keeps what the texts use; null where it has none, and the student
 *   learns one from them. Hashed n-grams read neither.
 */
export function planTokenizer(
  student: TextStudent,
  texts: Iterable<string>,
  vocabulary: Vocabulary | null,
): TokenizerPlan {
  if (student.family === 'static') {
    const { buckets, wordNgrams, charNgrams } = student;
    return { spec: { kind: 'hashed', buckets, wordNgrams, charNgrams }, tensors: new Map(), coverage: null };
  }
  const { maxCharacters, maxTokens, maxPieces } = student;
  const { vocabulary: own, coverage } =
    vocabulary === null
      ? trainVocabulary(texts, maxCharacters, maxPieces)
      : pruneVocabulary(vocabulary, texts, { maxCharacters, maxTokens }, maxPieces);
  return { ...own, coverage };
}
