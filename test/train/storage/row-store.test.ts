import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withRowStore } from '../../../src/train/storage/row-store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder('row-store');
/** Above what Linux gives to processes. */
const NOBODY = 2 ** 30;

function fill(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '0'), 'rows');
}

describe('withRowStore', () => {
  it('removes the store when the work is done or fails, and a folder that has nothing else', async () => {
    const outDir = join(root, 'made');
    const path = await withRowStore(outDir, async ({ file }) => {
      fill(dirname(file('0')));
      return file('0');
    });
    expect(path.startsWith(outDir)).toBe(true);
    expect(existsSync(outDir)).toBe(false);
    mkdirSync(outDir);
    writeFileSync(join(outDir, 'kept'), '');
    const failing = withRowStore(outDir, async ({ file }) => {
      fill(dirname(file('0')));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(readdirSync(outDir)).toEqual(['kept']);
  });

  it('removes what processes of this machine that are gone have left, and nothing of others', async () => {
    const outDir = join(root, 'shared');
    const living = `.retort-rows-${hostname()}-${process.ppid}`;
    const elsewhere = `.retort-rows-another-host-${NOBODY}`;
    for (const name of [`.retort-rows-${hostname()}-${NOBODY}`, living, elsewhere, 'other']) fill(join(outDir, name));
    await withRowStore(outDir, async () => undefined);
    expect(readdirSync(outDir).sort()).toEqual([living, elsewhere, 'other'].sort());
  });
});
