/** How many ids there are to draw from. */
import { parseStudent, type TextStudentSpec, vocabSizeOf } from '../../src/format/index.ts';

/** Ids that the student of a file knows. */
export function vocabSizeIn(student: Uint8Array): number {
  return vocabSizeOf((parseStudent(student).spec as TextStudentSpec).tokenizer);
}
