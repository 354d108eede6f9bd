/** What a path leads to. */
import { stat } from 'node:fs/promises';

/** @returns false where there is nothing */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}
