/** A folder of its own for what one process has no room for in memory: below an output folder, and gone after the work. */
import { readdir, rm, rmdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isProcessAlive } from '../process-alive.ts';

/** Nobody else's folders begin so; host and process follow. */
const PREFIX = '.retort-rows-';

/** Names files; the folder is made with the first of them. */
export interface RowStore {
  file(name: string): string;
}

/**
 * Does work that may need a store, and removes the store, whatever the end of the work; with it what processes of this
 * machine that were killed have left, and the output folder where nothing else is in it.
 */
export async function withRowStore<T>(outDir: string, work: (store: RowStore) => Promise<T>): Promise<T> {
  const folder = join(outDir, nameOf(process.pid));
  await removeDead(outDir);
  try {
    return await work({ file: (name) => join(folder, name) });
  } finally {
    // What ended the work is what a user should hear about.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    await rmdir(outDir).catch(() => undefined);
  }
}

function nameOf(process: number): string {
  return `${PREFIX}${hostname()}-${process}`;
}

async function removeDead(outDir: string): Promise<void> {
  for (const name of await readdir(outDir).catch(() => [])) {
    const owner = Number(/\d+$/.exec(name)?.[0]);
    // A folder of this very process is left by one before it that had its number.
    if (name !== nameOf(owner) || (owner !== process.pid && isProcessAlive(owner))) continue;
    await rm(join(outDir, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
