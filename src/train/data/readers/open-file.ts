/** Opens a file of rows; what goes wrong is said in the words of data, not of the operating system. */
import { type FileHandle, open } from 'node:fs/promises';
import { fileFault } from '../../file-fault.ts';
import { invalidData } from '../invalid-data.ts';

/**
 * @returns a handle that the caller closes
 * @throws InputError with code `invalid_data` where there is no such file, or it is a folder or not readable
 */
export async function openFile(path: string): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  if ((await handle.stat()).isDirectory()) {
    await handle.close();
    throw unreadable(path, { code: 'EISDIR' });
  }
  return handle;
}

/** What a file system's refusal to read means to whoever named the path. */
export function unreadable(path: string, cause: unknown): Error {
  return invalidData(path, `expected a readable file, got ${fileFault(cause)}; check the path`, cause);
}
