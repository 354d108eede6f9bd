/**
 * The runtime in Node: reads students from disk as well.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { InputError } from '../format/index.ts';
import { fetchBytes } from './fetch-bytes.ts';
import { compileInlinedModules, inlinedModules } from './kernels/inlined.ts';
import { type LoadOptions, loadStudentWith } from './load.ts';
import type { Student } from './student.ts';

export * from './exports.ts';
export { readStudent } from './index.ts';
export { createStudentPool, type StudentPool, type StudentPoolOptions } from './node-pool.ts';

/**
 * Loads a student from a path, a URL (`file:`, `http:`, `https:`) or its bytes.
 *
 * @throws StudentFormatError, InputError (`file_unreadable`, `fetch_failed`, `integrity_mismatch`), the reason of `signal`
 * @example
 * const student = await loadStudent('spam.safetensors');
 * student.classify('you won a prize'); // [{ label: 'spam', score: 0.98 }, { label: 'ham', score: 0.02 }]
 */
export async function loadStudent(source: string | URL | Uint8Array, options: LoadOptions = {}): Promise<Student> {
  options.signal?.throwIfAborted();
  const [bytes] = await Promise.all([readSource(source, options), compileInlinedModules()]);
  return loadStudentWith(inlinedModules, bytes, options);
}

async function readSource(source: string | URL | Uint8Array, options: LoadOptions): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (typeof source !== 'string' && !(source instanceof URL)) {
    throw new InputError(`source: expected a path, a URL or the bytes of a student, got ${typeof source}`);
  }
  if (/^https?:/.test(String(source))) return fetchBytes(source, options);
  try {
    const file = source instanceof URL || !source.startsWith('file:') ? source : new URL(source);
    const bytes = await readFile(file, { signal: options.signal });
    options.onProgress?.({ loaded: bytes.byteLength, total: bytes.byteLength });
    return bytes;
  } catch (cause) {
    options.signal?.throwIfAborted();
    const { code } = cause as NodeJS.ErrnoException;
    const message = `${String(source)}: expected a readable student file, got ${code}; check the path`;
    throw new InputError(message, { cause, code: 'file_unreadable' });
  }
}
