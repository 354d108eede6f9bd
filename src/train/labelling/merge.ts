/**
 * `retort label --merge`: joins shards into the cache that `distill` reads. Whatever their number, and in whatever order
 * and how often they come, the same outputs end as the same bytes.
 */
import { resolve } from 'node:path';
import { InputError } from '../../format/index.ts';
import { type EntryHeader, readHeader } from '../cache/entry.ts';
import { type Output, OutputCache, scanEntry } from '../cache/output-cache.ts';
import { compareValues } from '../cache/records.ts';
import type { RunHooks } from '../progress.ts';
import { teacherFolder } from './label.ts';
import { findShards, readShard, type ShardState, shardName, shardsFolder } from './shard.ts';

/** What came of one model's outputs. */
export interface MergedModel {
  readonly id: string;
  /** Outputs in the cache, and how many of them came now. */
  readonly outputs: number;
  readonly added: number;
  /** Records of shards that were left out because their checksum did not fit: their texts are labelled again. */
  readonly damaged: number;
  /** Texts of which two shards say different things; that whose bytes come first is kept, in any order of merging. */
  readonly conflicts: number;
}

/** What a merge did. */
export interface MergeReport {
  /** Folder of the entries. */
  readonly folder: string;
  /** Shards by name, `1/4`. */
  readonly shards: readonly string[];
  /** Those of the same divisions that were not there, and those that are not labelled to their end. */
  readonly missing: readonly string[];
  readonly unfinished: readonly string[];
  readonly models: readonly MergedModel[];
}

/** A shard where it lies. */
interface PlacedShard extends ShardState {
  readonly folder: string;
}

/** The entry of one model in a shard. */
interface PlacedEntry {
  readonly shard: PlacedShard;
  readonly header: EntryHeader;
}

/**
 * @param folders of shards; all below the cache folder where there are none
 * @throws InputError with code `invalid_shard` where a folder is none, `cache_mismatch` where shards are of different
 * teachers or of another format version, `cache_locked`; WriteError; or the reason of `signal`
 */
export async function mergeShards(
  cacheDir: string,
  folders: readonly string[],
  hooks: RunHooks = {},
): Promise<MergeReport> {
  const shards = await openShards(folders.length === 0 ? await findShards(cacheDir) : folders, cacheDir);
  const folder = teacherFolder(cacheDir);
  const models: MergedModel[] = [];
  for (const id of shards[0].ids) models.push(await mergeModel(id, shards, folder, hooks));
  return {
    folder,
    shards: shards.map(shardName),
    missing: missingOf(shards),
    unfinished: shards.filter(({ finished }) => !finished).map(shardName),
    models,
  };
}

async function openShards(folders: readonly string[], cacheDir: string): Promise<readonly PlacedShard[]> {
  if (folders.length === 0) {
    const message = `${shardsFolder(cacheDir)}: expected shards, got none; run retort label --shard 1/4 and so on, or name their folders`;
    throw new InputError(message, { code: 'invalid_shard' });
  }
  const shards: PlacedShard[] = [];
  for (const path of new Set(folders.map((folder) => resolve(folder)))) {
    const shard = { ...(await readShard(path)), folder: path };
    const [first = shard] = shards;
    if (shard.ids.join() !== first.ids.join()) {
      const message = `${path}: expected outputs of ${first.ids.join(', ')} as in ${first.folder}, got those of ${shard.ids.join(', ')}; merge shards of one teacher at a time`;
      throw new InputError(message, { code: 'cache_mismatch' });
    }
    shards.push(shard);
  }
  return shards;
}

async function mergeModel(
  id: string,
  shards: readonly PlacedShard[],
  folder: string,
  { onProgress, signal }: RunHooks,
): Promise<MergedModel> {
  const entries = await openEntries(id, shards);
  const cache = await OutputCache.open(folder, id, entries[0].header.size);
  try {
    const before = cache.count;
    let damaged = 0;
    let conflicts = 0;
    for (const [i, { shard, header }] of entries.entries()) {
      signal?.throwIfAborted();
      const detail = `merging shard ${shardName(shard)}`;
      onProgress?.({ stage: 'labelling', done: i, total: entries.length, etaSeconds: null, detail });
      const merged = await mergeEntry(cache, `${shard.folder}/${id}`, header);
      damaged += merged.damaged;
      conflicts += merged.conflicts;
    }
    await cache.sort();
    return { id, outputs: cache.count, added: cache.count - before, damaged, conflicts };
  } finally {
    await cache.close();
  }
}

/** Records that are appended together. */
const PORTION = 1024;

async function mergeEntry(
  cache: OutputCache,
  folder: string,
  header: EntryHeader,
): Promise<Pick<MergedModel, 'damaged' | 'conflicts'>> {
  let conflicts = 0;
  let portion: Output[] = [];
  const { damaged } = await scanEntry(folder, header, (key, values) => {
    const known = cache.get(key);
    if (known !== undefined) {
      const order = compareValues(values, known);
      if (order !== 0) conflicts++;
      return order < 0 ? cache.replace(key, values) : undefined;
    }
    if (portion.push([key, values]) < PORTION) return undefined;
    const full = portion;
    portion = [];
    return cache.putAll(full);
  });
  await cache.putAll(portion);
  return { damaged, conflicts };
}

/** The entries of one model; a shard that was stopped early may have none. */
async function openEntries(id: string, shards: readonly PlacedShard[]): Promise<readonly PlacedEntry[]> {
  const entries: PlacedEntry[] = [];
  for (const shard of shards) {
    const header = await readHeader(`${shard.folder}/${id}`, id);
    if (header === null && !shard.finished) continue;
    const [first = { header }] = entries;
    if (header === null || header.size !== first.header!.size) {
      const got = header === null ? 'none' : `${header.size}`;
      const expected = header === null ? `outputs of ${id}` : `outputs of ${first.header!.size} values`;
      const message = `${shard.folder}: expected ${expected}, got ${got}; copy the folder as a whole, or label the shard again`;
      throw new InputError(message, { code: 'cache_mismatch' });
    }
    entries.push({ shard, header });
  }
  if (entries.length > 0) return entries;
  const message = `${shards[0].folder}: expected outputs of ${id}, got none in any shard; label them first`;
  throw new InputError(message, { code: 'cache_mismatch' });
}

function missingOf(shards: readonly ShardState[]): readonly string[] {
  const here = new Set(shards.map(shardName));
  const divisions = [...new Set(shards.map(({ of }) => of))];
  const all = divisions.flatMap((of) => Array.from({ length: of }, (_, i) => shardName({ index: i + 1, of })));
  return all.filter((name) => !here.has(name));
}
