/** How many ids there are to draw from. */
import { parseStudent } from '../../src/format/index.ts';

/** Ids that a student knows. */
export function vocabSizeOf(student: Uint8Array): number {
  const { tokenizer } = parseStudent(student).spec;
  return tokenizer.kind === 'hashed' ? tokenizer.buckets : tokenizer.vocabSize;
}
