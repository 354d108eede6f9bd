/** How many ids there are to draw from. */
import { parseStudent, type TextStudentSpec } from '../../src/format/index.ts';

/** Ids that a student knows. */
export function vocabSizeOf(student: Uint8Array): number {
  const { tokenizer } = parseStudent(student).spec as TextStudentSpec;
  return tokenizer.kind === 'hashed' ? tokenizer.buckets : tokenizer.vocabSize;
}
