/** The vocabulary that students take over. */
import type { MemberConfig } from '../config/config.ts';
import type { Vocabulary } from '../tokenizers/vocabulary.ts';
import { kindOf } from './kinds.ts';

/**
 * The vocabulary of the first model of a teacher that has one; null where none has.
 *
 * @throws InputError or UnsupportedError where there is no such model, or what runs it is not installed
 */
export async function teachersVocabulary(teacher: readonly MemberConfig[]): Promise<Vocabulary | null> {
  for (const { options } of teacher) {
    const vocabulary = await kindOf(options).vocabulary?.(options);
    if (vocabulary !== undefined) return vocabulary;
  }
  return null;
}
