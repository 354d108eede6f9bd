/**
 * What the page asks of its server.
 */
import type { ErrorBody } from '../errors.ts';
import type { Comparison, ModelCard, ModelList } from '../messages.ts';

/** Timed runs a model: enough for a p95, and a second or two with a slow teacher. */
const RUNS = 20;
/** A comparison that was just abandoned may still run; it is waited for this often. */
const MAX_TRIES = 10;

/** Every model of the server. */
export async function fetchModels(): Promise<readonly ModelCard[]> {
  const list: ModelList = await answerOf(await fetch('/v1/models'));
  return list.data;
}

/** Asks every model about one text. */
export async function fetchComparison(text: string, signal: AbortSignal): Promise<Comparison> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch('/v1/compare', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ input: text, runs: RUNS }),
      signal,
    });
    if (response.status !== 429 || attempt === MAX_TRIES) return answerOf(response);
    const seconds = Number(response.headers.get('Retry-After') ?? 1);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    signal.throwIfAborted();
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  const body: unknown = await response.json();
  if (!response.ok) throw new Error((body as ErrorBody).error.message);
  return body as T;
}
