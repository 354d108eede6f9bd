/**
 * Runs a student: the door for the other rooms. Hosts have doors of their own beside it: `node.ts`, `browser.ts`,
 * `workerd.ts`.
 *
 * @module
 */
import { inlinedModules } from './kernels/inlined.ts';
import { type ReadOptions, readStudentWith } from './load.ts';
import type { Student } from './student.ts';

export { agreementsOf, verdictOf } from './agreement.ts';
export * from './exports.ts';
export { isPixels } from './inputs.ts';
export { inlinedModules } from './kernels/inlined.ts';
export { createTokenizer } from './tokenizers/create-tokenizer.ts';
export { wordEnd } from './tokenizers/gpt2-words.ts';
export type { Limits, Tokenizer } from './tokenizers/tokenizer.ts';

/**
 * Reads a student on a host that compiles WebAssembly from bytes (everything but a Worker).
 *
 * @throws StudentFormatError where `bytes` is not a valid student file
 */
export function readStudent(bytes: Uint8Array, options?: ReadOptions): Student {
  return readStudentWith(inlinedModules, bytes, options);
}
