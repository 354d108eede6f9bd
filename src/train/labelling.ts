/**
 * Labelling: runs a teacher's encoder over texts in worker threads, through the cache. What is in the cache is not
 * computed again, so a run that was stopped goes on; the outcome does not depend on workers, batches or interruptions.
 */
import { OutputCache, outputKey } from './cache/output-cache.ts';
import type { RunHooks } from './progress.ts';
import {
  FEATURE_SIZE,
  identifySentenceEncoder,
  type SentenceEncoderOptions,
} from './teachers/universal-sentence-encoder.ts';
import { WorkerPool } from './worker-pool.ts';

/** Texts of one task: enough to fill the matrix products, few enough that a stopped run loses little. */
const BATCH_SIZE = 15;

/** Where and how to label. */
export interface LabellingOptions {
  readonly encoder: SentenceEncoderOptions;
  readonly cacheDir: string;
  readonly workers: number;
  /** Module of the worker threads; the bundled one where it is left out. */
  readonly workerEntry?: URL;
}

/**
 * @returns the features of each text, in order
 * @throws WriteError, InputError (`cache_locked`), or the reason of `signal`; what was labelled until then is kept
 */
export async function labelTexts(
  texts: readonly string[],
  { encoder, cacheDir, workers, workerEntry }: LabellingOptions,
  { onProgress, signal }: RunHooks = {},
): Promise<readonly Float32Array[]> {
  const { id } = await identifySentenceEncoder(encoder);
  const cache = await OutputCache.open(cacheDir, id, FEATURE_SIZE);
  try {
    const keys = texts.map((text) => outputKey(text));
    const missing = missingTexts(texts, keys, cache);
    if (missing.length > 0) {
      const total = missing.length;
      const started = performance.now();
      let done = 0;
      const batches = batched(missing);
      const entry = workerEntry ?? new URL('../train/labelling-worker.js', import.meta.url);
      const threads = Math.max(1, Math.min(workers, batches.length));
      const pool = new WorkerPool<readonly string[], readonly Float32Array[]>(entry, threads, encoder);
      await pool.run(batches, {
        signal,
        async onResult(outputs, batch) {
          for (const [i, text] of batches[batch].entries()) await cache.put(outputKey(text), outputs[i]);
          done += batches[batch].length;
          const seconds = (performance.now() - started) / 1000;
          const etaSeconds = (seconds / done) * (total - done);
          onProgress?.({ stage: 'labelling', done, total, etaSeconds, detail: 'teacher' });
        },
      });
      await pool.close();
      await cache.flush();
    }
    return keys.map((key) => cache.get(key)!);
  } finally {
    await cache.close();
  }
}

/** Every text once that the cache does not have, short ones first, so that batches are of one length. */
function missingTexts(texts: readonly string[], keys: readonly string[], cache: OutputCache): readonly string[] {
  const missing = new Set(texts.filter((_, i) => cache.get(keys[i]) === undefined));
  return [...missing].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

/** Batches, the expensive ones first: the threads then finish at about the same time. */
function batched(texts: readonly string[]): readonly (readonly string[])[] {
  const batches: string[][] = [];
  for (let i = 0; i < texts.length; i += BATCH_SIZE) batches.push(texts.slice(i, i + BATCH_SIZE));
  return batches.reverse();
}
