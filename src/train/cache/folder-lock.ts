/** A lock on a folder against two writers; the lock of a process that is gone is taken over. */
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../format/index.ts';
import { WriteError } from '../atomic-file.ts';

/**
 * @returns a function that gives the folder back
 * @throws InputError with code `cache_locked` where a living process has it
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock');
  for (let attempt = 0; ; attempt++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw new WriteError(path, cause);
      const owner = Number(await readFile(path, 'utf8').catch(() => ''));
      if (attempt > 0 || isAlive(owner)) {
        const message = `${folder}: expected to be its only writer, got process ${owner} there; wait for it or stop it`;
        throw new InputError(message, { cause, code: 'cache_locked' });
      }
      await rm(path, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
