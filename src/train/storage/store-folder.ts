/** The folder of what a run has no room for in memory: below its output folder, and gone when the run is. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Nobody else's folder has this name. */
export function storeFolder(outDir: string): string {
  return join(outDir, '.retort-rows');
}

/** Removes the folder where that is possible. */
export async function removeStore(outDir: string): Promise<void> {
  // It follows whatever ended the run, which is what a user should hear about.
  await rm(storeFolder(outDir), { recursive: true, force: true }).catch(() => undefined);
}
