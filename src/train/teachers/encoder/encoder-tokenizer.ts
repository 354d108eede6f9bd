/** How an encoder reads a text: the tokenizer of its directory, within what the encoder has positions for. */
import { createTokenizer, type Tokenizer } from '../../../runtime/index.ts';
import { readTokenizer, type TokenizerFile } from '../../tokenizers/tokenizer-json.ts';
import type { EncoderOptions } from './encoder-config.ts';
import { type EncoderSpec, longestText } from './encoder-spec.ts';
import { invalidModel } from './invalid-model.ts';

/** @throws InputError where there is no tokenizer that Retort can run, or it does not belong to the encoder */
export async function readEncoderTokenizer(
  { directory, maxTokens, maxCharacters }: Pick<EncoderOptions, 'directory' | 'maxTokens' | 'maxCharacters'>,
  spec: EncoderSpec,
): Promise<Tokenizer> {
  const file: TokenizerFile = await readTokenizer(directory);
  const { vocabSize } = file.spec;
  const { prefixIds = [], suffixIds = [] } = file.spec;
  if (vocabSize > spec.vocabSize) {
    const got = `${vocabSize} in tokenizer.json`;
    throw invalidModel(directory, `expected at most the ${spec.vocabSize} ids of config.json, got ${got}; use its own`);
  }
  if (maxTokens > longestText(spec)) {
    const most = longestText(spec);
    throw invalidModel(
      directory,
      `expected maxTokens up to the ${most} positions of the model, got ${maxTokens}; set the teacher's maxTokens`,
    );
  }
  if (prefixIds.length === 0) {
    throw invalidModel(directory, 'expected a tokenizer that puts a token before every text, got one that does not');
  }
  if (maxTokens <= prefixIds.length + suffixIds.length) {
    throw invalidModel(directory, `expected maxTokens that leave room for a text, got ${maxTokens}`);
  }
  return createTokenizer(file.spec, { maxTokens, maxCharacters }, file.tensors);
}
