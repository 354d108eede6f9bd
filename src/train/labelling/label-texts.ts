/** Labels a list of texts through the cache and gives back what a model says of them: what `distill` learns from. */
import { OutputCache } from '../cache/output-cache.ts';
import { outputKey } from '../cache/output-key.ts';
import type { RunHooks } from '../progress.ts';
import { identifyModel } from '../teachers/kinds.ts';
import type { ModelIdentity, ModelSpec } from '../teachers/teacher.ts';
import { fillCache } from './fill-cache.ts';

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

/**
 * @throws WriteError, InputError (`cache_locked`), what the model throws, or the reason of `signal`; what was labelled
 * until then is kept
 */
export async function labelTexts(
  texts: readonly string[],
  { model, cacheDir, workers }: LabellingOptions,
  hooks: RunHooks = {},
): Promise<LabelledTexts> {
  const identity = await identifyModel(model);
  const cache = await OutputCache.open(cacheDir, identity.id, identity.size);
  try {
    const keys = texts.map((text) => outputKey(text));
    const different = new Set(keys);
    const missing = [...different].filter((key) => !cache.has(key)).length;
    const kept = different.size - missing;
    await fillCache(cache, { model, texts: () => texts, missing, kept, workers }, hooks);
    return { identity, outputs: keys.map((key) => cache.get(key)!) };
  } finally {
    await cache.close();
  }
}
