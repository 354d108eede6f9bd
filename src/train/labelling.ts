/**
 * Labelling: runs a teacher's model over texts through the cache. What is in the cache is not computed again, so a run
 * that was stopped goes on; the outcome does not depend on workers, batches or interruptions.
 */
import { OutputCache, outputKey } from './cache/output-cache.ts';
import type { RunHooks } from './progress.ts';
import { batchSizeOf, kindOf } from './teachers/kinds.ts';
import { openModel } from './teachers/model-runner.ts';
import type { ModelIdentity, ModelSpec } from './teachers/teacher.ts';

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
  const identity = await kindOf(model.options).identify(model);
  const cache = await OutputCache.open(cacheDir, identity.id, identity.size);
  try {
    const keys = texts.map((text) => outputKey(text));
    const batches = batched(missingTexts(texts, keys, cache), batchSizeOf(model.options));
    if (batches.length > 0) await fill(cache, batches, model, workers, hooks);
    return { identity, outputs: keys.map((key) => cache.get(key)!) };
  } finally {
    await cache.close();
  }
}

async function fill(
  cache: OutputCache,
  batches: readonly (readonly string[])[],
  spec: ModelSpec,
  workers: number,
  hooks: RunHooks,
): Promise<void> {
  const { onProgress, signal } = hooks;
  const total = batches.reduce((sum, batch) => sum + batch.length, 0);
  const started = performance.now();
  let done = 0;
  const model = openModel(spec, Math.min(workers, batches.length));
  try {
    await model.prepare?.(batches.flat(), hooks);
    await model.run(batches, {
      signal,
      async onResult(outputs, batch) {
        for (const [i, text] of batches[batch].entries()) await cache.put(outputKey(text), outputs[i]);
        done += batches[batch].length;
        const seconds = (performance.now() - started) / 1000;
        const etaSeconds = (seconds / done) * (total - done);
        onProgress?.({ stage: 'labelling', done, total, etaSeconds, detail: 'teacher' });
      },
    });
  } finally {
    await model.close();
  }
  await cache.flush();
}

/** Every text once that the cache does not have, short ones first, so that batches are of one length. */
function missingTexts(texts: readonly string[], keys: readonly string[], cache: OutputCache): readonly string[] {
  const missing = new Set(texts.filter((_, i) => cache.get(keys[i]) === undefined));
  return [...missing].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

/** Batches, the expensive ones first: the threads then finish at about the same time. */
function batched(texts: readonly string[], size: number): readonly (readonly string[])[] {
  const batches: string[][] = [];
  for (let i = 0; i < texts.length; i += size) batches.push(texts.slice(i, i + size));
  return batches.reverse();
}
