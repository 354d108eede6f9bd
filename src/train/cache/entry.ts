/** An entry of the cache is a folder: `entry.json` says whose outputs it has, `records.bin` has them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../format/index.ts';
import { writeFileAtomic } from '../atomic-file.ts';

const VERSION = 1;

/** Whose outputs an entry has, and how many values each. */
export interface EntryHeader {
  readonly id: string;
  readonly size: number;
}

/** File of the records of an entry. */
export function recordsFile(folder: string): string {
  return join(folder, 'records.bin');
}

function headerFile(folder: string): string {
  return join(folder, 'entry.json');
}

/**
 * Holds the header of an entry against what is expected, and writes it where there is none.
 *
 * @throws InputError with code `cache_mismatch`, WriteError
 */
export async function checkHeader(folder: string, { id, size }: EntryHeader): Promise<void> {
  const path = headerFile(folder);
  const expected = JSON.stringify({ version: VERSION, id, size });
  const found = await readFile(path, 'utf8').catch(() => null);
  if (found === null) await writeFileAtomic(path, expected);
  else if (found !== expected) {
    throw mismatch(path, `expected ${expected}, got ${found.slice(0, 200)}; delete the folder to label again`);
  }
}

/**
 * @returns null where there is no entry
 * @throws InputError with code `cache_mismatch` where it is one of another id or format version
 */
export async function readHeader(folder: string, id: string): Promise<EntryHeader | null> {
  const path = headerFile(folder);
  const found = await readFile(path, 'utf8').catch(() => null);
  if (found === null) return null;
  const size = sizeIn(found);
  if (size === null || found !== JSON.stringify({ version: VERSION, id, size })) {
    const expected = `version ${VERSION} of the outputs of ${id}`;
    throw mismatch(path, `expected ${expected}, got ${found.slice(0, 200)}; label this shard again with this version`);
  }
  return { id, size };
}

function sizeIn(header: string): number | null {
  try {
    const { size } = JSON.parse(header) as { size?: unknown };
    return Number.isInteger(size) && (size as number) > 0 ? (size as number) : null;
  } catch {
    return null;
  }
}

function mismatch(path: string, message: string): InputError {
  return new InputError(`${path}: ${message}`, { code: 'cache_mismatch' });
}
