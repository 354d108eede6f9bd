/**
 * The runtime in a browser, and wherever WebAssembly compiles from bytes. Importing it does nothing.
 *
 * @module
 */
import { fetchBytes } from './fetch-bytes.ts';
import { compileInlinedModules, inlinedModules } from './kernels/inlined.ts';
import { type LoadOptions, loadStudentWith } from './load.ts';
import type { Student } from './student.ts';

export * from './exports.ts';
export { readStudent } from './index.ts';

/**
 * Fetches a student, or takes its bytes, checks them, and sets it up.
 *
 * @throws StudentFormatError, InputError (`fetch_failed`, `integrity_mismatch`)
 * @example
 * const student = await loadStudent('/models/spam.safetensors', { onProgress });
 * student.classify('you won a prize'); // [{ label: 'spam', score: 0.98 }, { label: 'ham', score: 0.02 }]
 */
export async function loadStudent(source: string | URL | Uint8Array, options: LoadOptions = {}): Promise<Student> {
  const [bytes] = await Promise.all([
    source instanceof Uint8Array ? source : fetchBytes(source, options),
    compileInlinedModules(),
  ]);
  return loadStudentWith(inlinedModules, bytes, options);
}
