/**
 * Several predictors on the same texts: what they answer, how often they agree, how long they take. Predictors run one
 * after the other, so that none is timed while another computes.
 */
import type { Prediction, Predictor } from '../runtime/index.ts';
import type { ServedModel } from './catalog.ts';
import { type Clock, percentile } from './clock.ts';
import type { ComparedModel, Comparison, Latency } from './messages.ts';
import { classificationsOf } from './texts.ts';

/** Score from which a label of a multi-label model counts as given. */
const GIVEN_SCORE = 0.5;

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
    answers.push(await predictor.predict(texts, { signal: options.signal }));
    latencies.push(await timePredictor(predictor, texts, options));
  }
  const verdicts = answers.map((predictions, i) => predictions.map((one) => verdictOf(one, models[i]!.predictor)));
  const agreement = verdicts.map((a) => verdicts.map((b) => agreementOf(a, b)));
  const teacher = models.findIndex(({ predictor }) => predictor.info.role === 'teacher');
  return {
    object: 'comparison',
    models: models.map(
      ({ id, predictor: { info } }, i): ComparedModel => ({
        id,
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

/** Times one text at a time. The predictor has just answered all of them, so it is warm. */
async function timePredictor(
  predictor: Predictor,
  texts: readonly string[],
  { runs, clock, signal }: CompareOptions,
): Promise<Latency | null> {
  if (clock === null) return null;
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    signal.throwIfAborted();
    const text = [texts[run % texts.length]!];
    const start = clock();
    const answer = predictor.predict(text, { signal });
    if (answer instanceof Promise) await answer;
    times.push(clock() - start);
  }
  const p95 = percentile(times, 0.95);
  // A clock too coarse to see the work has measured nothing.
  return p95 > 0 ? { p50_ms: percentile(times, 0.5), p95_ms: p95, runs } : null;
}

/** The labels that a prediction gives, as one comparable string. */
function verdictOf({ labels }: Prediction, { info }: Predictor): string {
  const given = info.multiLabel ? labels.filter(({ score }) => score >= GIVEN_SCORE) : labels.slice(0, 1);
  return JSON.stringify(given.map(({ label }) => label).sort());
}

function agreementOf(a: readonly string[], b: readonly string[]): number {
  return a.filter((verdict, i) => verdict === b[i]).length / a.length;
}

/** Lets the host answer other requests, and notice that a client went away, between two synchronous predictors. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
