/**
 * A lock on a folder against two writers; the lock of a process that is gone is taken over.
 *
 * A writer puts down a claim, an empty file whose name says which process it belongs to and never comes again, and
 * then looks around: where no other living process has a claim, the folder is its own. Of two that start at the same
 * moment at least one sees the other, and deleting the claim of a dead one cannot hit that of a living one.
 */
import { randomUUID } from 'node:crypto';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { InputError } from '../../format/index.ts';
import { WriteError } from '../atomic-file.ts';
import { isProcessAlive } from '../process-alive.ts';

const CLAIM = /^lock-(\d+)-/;
/** Of claims that came at the same moment the first by name stays; the others are gone long before this is over. */
const LOOKS = 10;
const PAUSE_MS = 20;
/** Coarsest time stamp of a file system (FAT). */
const TIME_STAMP_MS = 2000;

/**
 * @returns a function that gives the folder back
 * @throws InputError with code `cache_locked` where a living process has it
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const own = `lock-${process.pid}-${randomUUID()}`;
  const path = join(folder, own);
  const unlock = (): Promise<void> => rm(path, { force: true });
  await writeFile(path, '', { flag: 'wx' }).catch((cause) => {
    throw new WriteError(path, cause);
  });
  for (let look = 1; ; look++) {
    const [rival] = (await livingClaims(folder)).filter((name) => name !== own);
    if (rival === undefined) return unlock;
    if (rival < own || look === LOOKS) {
      await unlock();
      const message = `${folder}: expected to be its only writer, got process ${ownerOf(rival)} there; wait for it or stop it`;
      throw new InputError(message, { code: 'cache_locked' });
    }
    await wait(PAUSE_MS);
  }
}

/** Names of the claims of living processes, sorted; those of dead ones are deleted. */
async function livingClaims(folder: string): Promise<readonly string[]> {
  const living: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    if (!CLAIM.test(name)) continue;
    const path = join(folder, name);
    if (await isAlive(path, ownerOf(name))) living.push(name);
    else await rm(path, { force: true });
  }
  return living;
}

function ownerOf(claim: string): number {
  return Number(CLAIM.exec(claim)![1]);
}

async function isAlive(path: string, pid: number): Promise<boolean> {
  // In containers, the process before this one often had its number.
  if (pid === process.pid) return !(await isOlderThanThisProcess(path));
  return isProcessAlive(pid);
}

async function isOlderThanThisProcess(path: string): Promise<boolean> {
  const started = Date.now() - 1000 * process.uptime();
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs < started - TIME_STAMP_MS,
    () => true,
  );
}
