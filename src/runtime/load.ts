/** From bytes to a {@link Student}; what differs between hosts is handed in by their doors. */
import { hex, InputError, type ParsedStudent, parseStudent } from '../format/index.ts';
import type { Backend, HostModules } from './kernels/choose.ts';
import { Student } from './student.ts';

/** Options of `readStudent`. */
export interface ReadOptions {
  /** Kernels to run on; `auto`, the fastest that works here, where it is left out. */
  readonly kernels?: 'auto' | Backend;
}

/** How far a download has come; `total` is null where the server does not say. */
export interface LoadProgress {
  readonly loaded: number;
  readonly total: number | null;
}

/** Options of `loadStudent`. */
export interface LoadOptions extends ReadOptions {
  /** SHA-256 of the whole file as in Subresource Integrity: `sha256-<base64>`. */
  readonly integrity?: string;
  readonly onProgress?: (progress: LoadProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Checks the structure of a student file and sets it up.
 *
 * @throws StudentFormatError where `bytes` is not a valid student file
 */
export function readStudentWith(modules: () => HostModules, bytes: Uint8Array, options: ReadOptions = {}): Student {
  return new Student(parseStudent(bytes), { modules, kernels: options.kernels ?? 'auto', verified: false });
}

/**
 * Like {@link readStudentWith}, and checks the SHA-256 of the data where the host has `crypto.subtle` (pages served
 * over plain http do not), or of the whole file against `integrity`.
 *
 * @throws InputError with code `integrity_mismatch` where a hash differs
 */
export async function loadStudentWith(
  modules: () => HostModules,
  bytes: Uint8Array,
  options: LoadOptions = {},
): Promise<Student> {
  const file = parseStudent(bytes);
  const verified = await verify(bytes, file, options.integrity);
  return new Student(file, { modules, kernels: options.kernels ?? 'auto', verified });
}

async function verify(bytes: Uint8Array, file: ParsedStudent, integrity: string | undefined): Promise<boolean> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    if (integrity === undefined) return false;
    throw new InputError('integrity: expected crypto.subtle to check it with, got a host without; serve over https');
  }
  if (integrity !== undefined) {
    const digest = `sha256-${base64(new Uint8Array(await subtle.digest('SHA-256', bytes as BufferSource)))}`;
    if (digest !== integrity) throw mismatch('integrity', integrity, digest);
  }
  const data = bytes.subarray(file.dataStart) as Uint8Array<ArrayBuffer>;
  const digest = hex(new Uint8Array(await subtle.digest('SHA-256', data)));
  if (digest !== file.sha256) throw mismatch('sha256', file.sha256, digest);
  return true;
}

function mismatch(name: string, expected: string, got: string): InputError {
  const message = `${name}: expected ${expected}, got ${got}; the file was changed or cut on its way, fetch it again`;
  return new InputError(message, { code: 'integrity_mismatch' });
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
