/**
 * `retort label`: fills the cache of teacher outputs and does nothing else, on one machine or, shard by shard, on many.
 * In the end an entry is in the order of its keys: its bytes tell nothing about shards, threads or interruptions.
 */
import { chooseBackend } from '../backend.ts';
import type { KeyIndex } from '../cache/key-index.ts';
import { OutputCache } from '../cache/output-cache.ts';
import { outputKey } from '../cache/output-key.ts';
import type { ResolvedConfig } from '../config/config.ts';
import type { RunHooks } from '../progress.ts';
import { identifyModel } from '../teachers/kinds.ts';
import type { SavedTeacher } from '../teachers/saved-teacher.ts';
import type { ModelIdentity, ModelSpec } from '../teachers/teacher.ts';
import { fillCache } from './fill-cache.ts';
import { isInShard, type Shard, type ShardState, shardFolder, writeShard } from './shard.ts';
import { modelsOf } from './teacher-models.ts';
import { keysOf } from './text-keys.ts';
import { openTransferTexts, type TransferTexts } from './transfer-texts.ts';

/** What to label, and with whom. */
export interface LabelOptions {
  /** The part to label; null for all of it. */
  readonly shard: Shard | null;
  /** A teacher of an earlier run, in place of that of the config. */
  readonly teacher: SavedTeacher | null;
}

/** What one model did. */
export interface LabelledByModel {
  readonly id: string;
  readonly name: string;
  /** Values of one output. */
  readonly size: number;
  /** Texts that were labelled now, and those that were there already. */
  readonly labelled: number;
  readonly kept: number;
  readonly seconds: number;
  /** Null where nothing was left to label. */
  readonly textsPerSecond: number | null;
}

/** What a run of `label` did. */
export interface LabelReport {
  readonly shard: Shard | null;
  /** Folder of the entries. */
  readonly folder: string;
  /** Different texts of the shard. */
  readonly texts: number;
  readonly models: readonly LabelledByModel[];
}

/** A model with what identifies its outputs. */
interface KnownModel {
  readonly model: ModelSpec;
  readonly identity: ModelIdentity;
}

/** The entry folder of everything that is no shard. */
export function teacherFolder(cacheDir: string): string {
  return `${cacheDir}/teacher`;
}

/**
 * Labels all texts of a config, or those of one shard. What is there already is kept; a run that was stopped goes on.
 *
 * @throws InputError where data, teacher or cache are not what they should be, WriteError, UnsupportedError where a
 * package is missing, or the reason of `signal`; what was labelled until then is kept
 */
export async function label(
  config: ResolvedConfig,
  { shard, teacher }: LabelOptions,
  hooks: RunHooks = {},
): Promise<LabelReport> {
  const backend = await chooseBackend(config.backend);
  hooks.onNotice?.(`TensorFlow.js backend: ${backend.name}, ${backend.reason}`);
  const source = partOf(await openTransferTexts(config, hooks), shard);
  const models = await identify(await modelsOf({ config, backend: backend.name, source, shard, teacher }, hooks));
  // A small set may have none for a shard.
  const wanted = await keysOf(source.stream(), hooks.signal);
  const folder = shard === null ? teacherFolder(config.cacheDir) : shardFolder(config.cacheDir, shard);
  const ids = models.map(({ identity }) => identity.id).sort();
  const state = (finished: boolean): ShardState => ({ ...shard!, ids, texts: wanted.count, finished });
  if (shard !== null) await writeShard(folder, state(false));
  const done: LabelledByModel[] = [];
  for (const model of models) done.push(await labelWith(model, folder, source, wanted, config.threads, hooks));
  if (shard !== null) await writeShard(folder, state(true));
  return { shard, folder, texts: wanted.count, models: done };
}

/** Models by what they say: several seeds, or members of an ensemble, may ask the same one. */
async function identify(models: readonly ModelSpec[]): Promise<readonly KnownModel[]> {
  const byId = new Map<string, KnownModel>();
  for (const model of models) {
    const identity = await identifyModel(model);
    byId.set(identity.id, { model, identity });
  }
  return [...byId.values()];
}

async function labelWith(
  { model, identity }: KnownModel,
  folder: string,
  source: TransferTexts,
  wanted: KeyIndex,
  workers: number,
  hooks: RunHooks,
): Promise<LabelledByModel> {
  const { id, name, size } = identity;
  const cache = await OutputCache.open(folder, id, size);
  try {
    const kept = cache.countOf(wanted);
    const missing = wanted.count - kept;
    const seconds = await fillCache(cache, { model, texts: () => source.stream(), missing, kept, workers }, hooks);
    await cache.sort();
    const textsPerSecond = missing === 0 ? null : missing / seconds;
    return { id, name, size, labelled: missing, kept, seconds, textsPerSecond };
  } finally {
    await cache.close();
  }
}

function partOf(source: TransferTexts, shard: Shard | null): TransferTexts {
  if (shard === null) return source;
  return {
    ...source,
    async *stream() {
      for await (const text of source.stream()) if (isInShard(outputKey(text), shard)) yield text;
    },
  };
}
