/**
 * A part of the texts that one machine labels alone. Which part a text belongs to depends on its key and on nothing
 * else, so that machines need no word from one another, and a text that stands in two files is labelled once.
 *
 * Each shard has a folder of its own, with `shard.json` beside the entries of its teachers.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { InputError } from '../../format/index.ts';
import { writeFileAtomic } from '../atomic-file.ts';
import { fileFault } from '../file-fault.ts';

/** One of `of` parts; the first is 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** What `shard.json` says. */
export interface ShardState extends Shard {
  /** Ids of the models that label it. */
  readonly ids: readonly string[];
  /** Different texts of the shard. */
  readonly texts: number;
  /** Whether all of them are labelled by all models. */
  readonly finished: boolean;
}

const FILE = 'shard.json';
const VERSION = 1;
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const SCHEMA = v.strictObject({
  version: v.literal(VERSION),
  index: v.pipe(count, v.minValue(1)),
  of: v.pipe(count, v.minValue(1)),
  // A name of a folder, and never a way out of it.
  ids: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[\w-][\w.+-]*$/))), v.nonEmpty()),
  texts: count,
  finished: v.boolean(),
});

/** As people write it: `2/4`. */
export function shardName({ index, of }: Shard): string {
  return `${index}/${of}`;
}

/** @param key of a text, hex */
export function isInShard(key: string, { index, of }: Shard): boolean {
  return Number.parseInt(key.slice(0, 8), 16) % of === index - 1;
}

/** Where the folders of shards lie. */
export function shardsFolder(cacheDir: string): string {
  return join(cacheDir, 'shards');
}

/** Folder of one shard. */
export function shardFolder(cacheDir: string, { index, of }: Shard): string {
  return join(shardsFolder(cacheDir), `${index}-of-${of}`);
}

/** @throws WriteError */
export async function writeShard(folder: string, state: ShardState): Promise<void> {
  await writeFileAtomic(join(folder, FILE), `${JSON.stringify({ version: VERSION, ...state })}\n`);
}

/** @throws InputError with code `invalid_shard` where the folder is none that `retort label --shard` left */
export async function readShard(folder: string): Promise<ShardState> {
  const path = join(folder, FILE);
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw invalid(path, `${fileFault(cause)}; check the path`, cause);
  });
  const { output, success } = v.safeParse(SCHEMA, parse(text));
  if (!success) throw invalid(path, `${text.slice(0, 200)}; label this shard again with this version`);
  const { version: _, ...state } = output;
  return state;
}

/** @returns the folders of shards below a cache folder, sorted by name; none where there is no such folder */
export async function findShards(cacheDir: string): Promise<readonly string[]> {
  const folder = shardsFolder(cacheDir);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /^\d+-of-\d+$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function invalid(path: string, got: string, cause?: unknown): InputError {
  return new InputError(`${path}: expected a shard of retort label, got ${got}`, { code: 'invalid_shard', cause });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
