/** Reads stretches of files that this process has written, or holds: what is not there any more is told as such. */
import { openSync, readSync } from 'node:fs';
import { RetortError } from '../../format/index.ts';
import { fileFault } from '../file-fault.ts';

/**
 * Opens a file to read.
 *
 * @returns its descriptor
 * @throws RetortError with code `file_cut` where it is gone
 */
export function openStored(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new RetortError('file_cut', `${path}: expected a file of this run, got ${fileFault(cause)}; run again`, {
      cause,
    });
  }
}

/**
 * Fills `target` from byte `position` of an open file.
 *
 * @throws RetortError with code `file_cut` where the file has become shorter than it was
 */
export function readFully(descriptor: number, target: Uint8Array, position: number, path: string): void {
  for (let filled = 0; filled < target.length; ) {
    const count = readSync(descriptor, target, filled, target.length - filled, position + filled);
    if (count === 0) {
      const at = position + filled;
      throw new RetortError(
        'file_cut',
        `${path}: expected bytes at ${at}, got the end; somebody cut the file, run again`,
      );
    }
    filled += count;
  }
}
