/** Makes the tokenizer that a spec names. */
import type { Tensor, TokenizerSpec } from '../../format/index.ts';
import { HashedTokenizer } from './hashed.ts';
import type { Tokenizer } from './tokenizer.ts';
import { type Limits, UnigramTokenizer } from './unigram.ts';

/** @param tensors of the student file; only `unigram` reads them */
export function createTokenizer(spec: TokenizerSpec, limits: Limits, tensors: ReadonlyMap<string, Tensor>): Tokenizer {
  return spec.kind === 'hashed' ? new HashedTokenizer(spec, limits) : new UnigramTokenizer(spec, limits, tensors);
}
