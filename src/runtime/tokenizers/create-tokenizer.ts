/** Makes the tokenizer that a spec names. */
import type { Tensor, TokenizerSpec } from '../../format/index.ts';
import { BpeTokenizer } from './bpe.ts';
import { HashedTokenizer } from './hashed.ts';
import type { Limits, Tokenizer } from './tokenizer.ts';
import { UnigramTokenizer } from './unigram.ts';
import { WordPieceTokenizer } from './wordpiece.ts';

/** @param tensors of the student file; `hashed` reads none */
export function createTokenizer(spec: TokenizerSpec, limits: Limits, tensors: ReadonlyMap<string, Tensor>): Tokenizer {
  if (spec.kind === 'hashed') return new HashedTokenizer(spec, limits);
  if (spec.kind === 'unigram') return new UnigramTokenizer(spec, limits, tensors);
  if (spec.kind === 'wordpiece') return new WordPieceTokenizer(spec, limits, tensors);
  return new BpeTokenizer(spec, limits, tensors);
}
