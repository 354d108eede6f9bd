/**
 * Runs a teacher's model over what its cache does not have yet, a window of texts at a time, so that there may be more
 * texts than memory. What an output is depends on its text alone: neither on windows, batches and threads nor on where a
 * run was stopped.
 */
import type { OutputCache } from '../cache/output-cache.ts';
import { outputKey } from '../cache/output-key.ts';
import type { RunHooks } from '../progress.ts';
import { batchSizeOf } from '../teachers/kinds.ts';
import { type ModelRunner, openModel } from '../teachers/model-runner.ts';
import type { ModelSpec } from '../teachers/teacher.ts';

/** Texts that are sorted by length together: enough that hardly any batch mixes lengths. */
const WINDOW = 4096;

/** What is labelled, by whom. */
export interface Filling {
  readonly model: ModelSpec;
  /** All of them from the beginning: in any order, any number of times. */
  readonly texts: () => AsyncIterable<string> | Iterable<string>;
  /** Number of different texts among them that the cache does not have. */
  readonly missing: number;
  /** Number of those that it has. */
  readonly kept: number;
  /** Threads of a model that runs in threads. */
  readonly workers: number;
}

/**
 * Labels what is missing; a text that stands there twice is labelled once.
 *
 * @returns seconds that it took
 * @throws WriteError, what the model throws, or the reason of the signal; what was labelled until then is kept
 */
export async function fillCache(
  cache: OutputCache,
  { model: spec, texts, missing, kept, workers }: Filling,
  hooks: RunHooks,
): Promise<number> {
  if (missing === 0) return 0;
  if (kept > 0) hooks.onNotice?.(`labelling: ${kept} texts are in the cache already, ${missing} to go`);
  const batchSize = batchSizeOf(spec.options);
  const model = openModel(spec, Math.min(workers, Math.ceil(missing / batchSize)));
  const watch = new Throughput(missing, hooks);
  try {
    await model.prepare?.(textsOf(windowsOf(texts(), cache)), hooks);
    for await (const window of windowsOf(texts(), cache)) {
      await runWindow(model, batched(window, batchSize), cache, watch, hooks);
    }
  } finally {
    await model.close();
  }
  await cache.flush();
  return watch.seconds;
}

async function runWindow(
  model: ModelRunner,
  batches: readonly (readonly string[])[],
  cache: OutputCache,
  watch: Throughput,
  { signal }: RunHooks,
): Promise<void> {
  await model.run(batches, {
    signal,
    async onResult(outputs, batch) {
      await cache.putAll(batches[batch].map((text, i) => [outputKey(text), outputs[i]]));
      watch.add(batches[batch].length);
    },
  });
}

/** Every text once that the cache does not have. */
async function* windowsOf(
  texts: AsyncIterable<string> | Iterable<string>,
  cache: OutputCache,
): AsyncGenerator<readonly string[]> {
  let window = new Set<string>();
  for await (const text of texts) {
    if (cache.has(outputKey(text))) continue;
    window.add(text);
    if (window.size < WINDOW) continue;
    yield [...window];
    window = new Set();
  }
  if (window.size > 0) yield [...window];
}

async function* textsOf(windows: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  for await (const window of windows) yield* window;
}

/** Batches of texts of about one length, the expensive ones first: the threads then finish at about the same time. */
function batched(window: readonly string[], size: number): readonly (readonly string[])[] {
  const texts = [...window].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const batches: string[][] = [];
  for (let i = 0; i < texts.length; i += size) batches.push(texts.slice(i, i + size));
  return batches.reverse();
}

/** Tells how fast it goes and how long it will take, from the second answer on: the first one waits for the model. */
class Throughput {
  readonly #total: number;
  readonly #hooks: RunHooks;
  readonly #started = performance.now();
  #first: { readonly texts: number; readonly seconds: number } | null = null;
  #done = 0;

  constructor(total: number, hooks: RunHooks) {
    this.#total = total;
    this.#hooks = hooks;
  }

  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  add(texts: number): void {
    this.#done += texts;
    const rate = this.#rate();
    this.#hooks.onProgress?.({
      stage: 'labelling',
      done: this.#done,
      total: this.#total,
      etaSeconds: rate === null ? null : (this.#total - this.#done) / rate,
      detail: rate === null ? 'teacher' : `teacher, ${rate.toFixed(1)} texts/s`,
    });
  }

  /** Texts a second; null while unknown. */
  #rate(): number | null {
    const { seconds } = this;
    if (this.#first === null) {
      this.#first = { texts: this.#done, seconds };
      return null;
    }
    return (this.#done - this.#first.texts) / (seconds - this.#first.seconds);
  }
}
