/** Labels texts through the cache and gives back what a model says of them: what `distill` learns from. */
import { OutputCache } from '../cache/output-cache.ts';
import { outputKey } from '../cache/output-key.ts';
import type { RunHooks } from '../progress.ts';
import { identifyModel } from '../teachers/kinds.ts';
import type { ModelIdentity, ModelSpec } from '../teachers/teacher.ts';
import { fillCache } from './fill-cache.ts';
import { keysOf } from './text-keys.ts';

/** Where and how to label. */
export interface LabellingOptions {
  readonly model: ModelSpec;
  readonly cacheDir: string;
  /** Threads of a model that runs in threads. */
  readonly workers: number;
}

/** What a model says of some texts, in their order. */
export interface LabelledTexts {
  readonly identity: ModelIdentity;
  readonly outputs: readonly Float32Array[];
}

/** What a model says of texts that were labelled, read from the disk whenever it is asked for. */
export interface TextLabels {
  readonly identity: ModelIdentity;
  /** The output for one of the texts. */
  outputOf(text: string): Float32Array;
  close(): Promise<void>;
}

/**
 * Labels texts that memory can hold with what is said of them.
 *
 * @throws as {@link openLabels}
 */
export async function labelTexts(
  texts: readonly string[],
  options: LabellingOptions,
  hooks: RunHooks = {},
): Promise<LabelledTexts> {
  const labels = await openLabels(texts, options, hooks);
  try {
    return { identity: labels.identity, outputs: texts.map((text) => labels.outputOf(text)) };
  } finally {
    await labels.close();
  }
}

/**
 * Labels any number of texts. Other processes may use the cache again as soon as it is done.
 *
 * @param texts read several times over
 * @throws WriteError, InputError (`cache_locked`), what the model throws, or the reason of `signal`; what was labelled
 * until then is kept
 */
export async function openLabels(
  texts: Iterable<string>,
  { model, cacheDir, workers }: LabellingOptions,
  hooks: RunHooks = {},
): Promise<TextLabels> {
  const identity = await identifyModel(model);
  const cache = await OutputCache.open(cacheDir, identity.id, identity.size);
  try {
    const wanted = await keysOf(texts, hooks.signal);
    const kept = cache.countOf(wanted);
    await fillCache(cache, { model, texts: () => texts, missing: wanted.count - kept, kept, workers }, hooks);
    await cache.release();
  } catch (error) {
    await cache.close();
    throw error;
  }
  return { identity, outputOf: (text) => cache.get(outputKey(text))!, close: () => cache.close() };
}
