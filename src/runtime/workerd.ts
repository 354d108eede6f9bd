/**
 * The runtime in a Cloudflare Worker, which compiles no WebAssembly from bytes: its modules are static imports.
 *
 * @module
 */
import { fetchBytes } from './fetch-bytes.ts';
import type { KernelModules } from './kernels/choose.ts';
import relaxed from './kernels/relaxed.wasm';
import simd from './kernels/simd.wasm';
import { type LoadOptions, loadStudentWith, type ReadOptions, readStudentWith } from './load.ts';
import type { Student } from './student.ts';

export * from './exports.ts';

const modules = (): KernelModules => ({ simd, relaxed });

/**
 * Checks the structure of a student file and sets it up, synchronously, so that it can stand at the top of a module.
 *
 * @throws StudentFormatError where `bytes` is not a valid student file
 * @example
 * import bytes from './spam.safetensors';
 * const student = readStudent(new Uint8Array(bytes));
 */
export function readStudent(bytes: Uint8Array, options?: ReadOptions): Student {
  return readStudentWith(modules, bytes, options);
}

/**
 * Fetches a student, or takes its bytes, checks them and their SHA-256, and sets it up.
 *
 * @throws StudentFormatError, InputError (`fetch_failed`, `integrity_mismatch`)
 */
export async function loadStudent(source: string | URL | Uint8Array, options: LoadOptions = {}): Promise<Student> {
  const bytes = source instanceof Uint8Array ? source : await fetchBytes(source, options);
  return loadStudentWith(modules, bytes, options);
}
