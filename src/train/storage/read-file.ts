/** Reads a stretch of a file into a buffer, at once or not at all. */
import { readSync } from 'node:fs';
import { RetortError } from '../../format/index.ts';

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
