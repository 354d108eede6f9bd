/**
 * Several predictors on the same texts: what they answer, how often they agree, how long they take. Predictors run one
 * after the other, so that none is timed while another computes.
 */
import { agreementsOf, type Prediction, type Predictor, verdictOf } from '../runtime/index.ts';
import type { ServedModel } from './catalog.ts';
import type { Clock } from './clock.ts';
import { measureLatency, warmUp } from './latency.ts';
import type { ComparedModel, Comparison, Latency } from './messages.ts';
import { nextTask } from './next-task.ts';
import { classificationsOf } from './texts.ts';

/** Milliseconds a text from which a predictor is not warmed up: what compiling costs it does not show. */
const SLOW_MS = 20;

/** What a comparison is given beside the models and the texts. */
export interface CompareOptions {
  /** Timed runs a model, of one text each. */
  readonly runs: number;
  readonly clock: Clock | null;
  readonly signal: AbortSignal;
}

/**
 * Compares the models on `texts`, of which there is at least one.
 *
 * @throws the reason of `signal` once it is aborted
 */
export async function compareModels(
  models: readonly ServedModel[],
  texts: readonly string[],
  options: CompareOptions,
): Promise<Comparison> {
  const answers: (readonly Prediction[])[] = [];
  const latencies: (Latency | null)[] = [];
  for (const { predictor } of models) {
    await nextTask();
    options.signal.throwIfAborted();
    const { predictions, latency } = await ask(predictor, texts, options);
    answers.push(predictions);
    latencies.push(latency);
  }
  const agreement = agreementsOf(
    models.map(({ predictor: { info } }, i) => answers[i]!.map(({ labels }) => verdictOf(labels, info.multiLabel))),
  );
  const teacher = models.findIndex(({ predictor }) => predictor.info.role === 'teacher');
  return {
    object: 'comparison',
    models: models.map(
      ({ id, predictor: { info } }, i): ComparedModel => ({
        id,
        name: info.name,
        role: info.role,
        backend: info.backend,
        bytes: info.bytes,
        data: classificationsOf(answers[i]!),
        agreement_with_teacher: teacher === -1 ? null : agreement[teacher]![i]!,
        latency: latencies[i]!,
      }),
    ),
    agreement,
  };
}

/** All texts at once for the answers, then one at a time for the latency. */
async function ask(
  predictor: Predictor,
  texts: readonly string[],
  { runs, clock, signal }: CompareOptions,
): Promise<{ readonly predictions: readonly Prediction[]; readonly latency: Latency | null }> {
  const start = clock?.() ?? 0;
  const answer = predictor.predict(texts, { signal });
  const predictions = await answer;
  if (clock === null) return { predictions, latency: null };
  const timed = { predictor, texts, clock, signal };
  // Another host computes what comes as a promise, and may ask a price for each call.
  if (!(answer instanceof Promise) && clock() - start <= SLOW_MS * texts.length) await warmUp(timed);
  return { predictions, latency: await measureLatency(timed, runs) };
}
