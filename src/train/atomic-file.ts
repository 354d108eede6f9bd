/** Writes files so that a reader sees the old content or the new, never a part; disk trouble becomes a typed error. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RetortError } from '../format/index.ts';
import { isFolder } from './is-folder.ts';

/** What can be done about the failures that users meet. */
const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'no permission; choose another folder or change its permissions',
  EPERM: 'no permission; choose another folder or change its permissions',
  EROFS: 'a read-only file system; choose another folder',
  ENOSPC: 'a full disk; make room or choose another folder',
  ENOTDIR: 'a file where a folder belongs; choose another path',
  EEXIST: 'a file where a folder belongs; choose another path',
  EISDIR: 'a folder where a file belongs; choose another path',
};

/** A file or folder could not be written. `code` is `write_failed`. */
export class WriteError extends RetortError {
  constructor(path: string, cause: unknown) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    super('write_failed', `${path}: expected to write there, got ${ADVICE[code] ?? code}`, { cause });
  }
}

/**
 * Makes a folder and the folders above it, where they are not there yet.
 *
 * @throws WriteError
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeFolders(path);
  } catch (cause) {
    throw new WriteError(path, cause);
  }
}

/** As Node's `mkdir` with `recursive`, which never returns where a file system says ENOENT to every new name. */
async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path) {
      await makeFolders(dirname(path));
      await mkdir(path).catch((again: NodeJS.ErrnoException) => {
        if (again.code !== 'EEXIST') throw again;
      });
    } else if (!(await isFolder(path))) throw error;
  }
}

/**
 * Writes `data` under a temporary name in the same folder, flushes it to disk, and renames it. Folders are made.
 *
 * @throws WriteError
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await makeFolders(dirname(path));
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new WriteError(path, cause);
  }
}
