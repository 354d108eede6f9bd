/** The real sentence encoder of the tests. */
import type { UnigramTokenizerSpec } from '../../src/format/index.ts';
import type { ModelSpec } from '../../src/train/teachers/teacher.ts';
import { universalSentenceEncoder } from '../../src/train/teachers/universal-sentence-encoder.ts';
import type { Vocabulary } from '../../src/train/tokenizers/vocabulary.ts';

/** Asks the encoder for a beginning of each text only, on the wasm backend. */
export function sentenceEncoder(maxCharacters: number, maxPieces: number, labels: readonly string[] = ['a', 'b']) {
  const options = { kind: 'universal-sentence-encoder', maxCharacters, maxPieces } as const;
  return { options, backend: 'wasm', labels, multiLabel: false } as const satisfies ModelSpec;
}

/** The pieces that it reads. */
export async function sentenceEncoderVocabulary(): Promise<Vocabulary<UnigramTokenizerSpec>> {
  const options = { kind: 'universal-sentence-encoder', maxCharacters: 800, maxPieces: 128 } as const;
  return (await universalSentenceEncoder.vocabulary!(options)) as Vocabulary<UnigramTokenizerSpec>;
}
