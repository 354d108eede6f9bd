/** Makes the tokenizer that a spec names. */
import { readPieces, type Tensor, type TokenizerSpec } from '../../format/index.ts';
import { BpeTokenizer } from './bpe.ts';
import { HashedTokenizer } from './hashed.ts';
import type { Limits, Tokenizer } from './tokenizer.ts';
import { UnigramTokenizer } from './unigram.ts';
import { WordPieceTokenizer } from './wordpiece.ts';

/**
 * @param tensors of the student file; `hashed` reads none
 * @param known what {@link readPieces} makes of them, where that is known
 */
export function createTokenizer(
  spec: TokenizerSpec,
  limits: Limits,
  tensors: ReadonlyMap<string, Tensor>,
  known?: readonly string[],
): Tokenizer {
  if (spec.kind === 'hashed') return new HashedTokenizer(spec, limits);
  const pieces = known ?? readPieces(tensors, spec.kind !== 'bpe');
  if (spec.kind === 'unigram') return new UnigramTokenizer(spec, limits, pieces, tensors);
  if (spec.kind === 'wordpiece') return new WordPieceTokenizer(spec, limits, pieces);
  return new BpeTokenizer(spec, limits, pieces, tensors);
}
