/** Latency of one input after another, warm. */
import type { PredictorInput, Student } from '../../runtime/index.ts';
import { textsOfInput } from '../inputs.ts';
import { Turns } from '../turns.ts';
import { percentile } from './percentile.ts';

/** Milliseconds. */
export interface Latency {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** What is timed: a predictor, or anything that answers as one does. */
export interface Timed {
  predict(inputs: readonly PredictorInput[]): unknown;
}

/** A student as its task is asked for: to classify, to tag or to embed. */
export function timedStudent(student: Student): Timed {
  switch (student.info.task) {
    case 'classify':
      return student;
    case 'tag':
      return { predict: (texts) => student.tag(texts as readonly string[]) };
    case 'embed':
      return { predict: (inputs) => student.embed(inputs) };
  }
}

/** How long to measure. */
export interface LatencyRuns {
  /** Predictions before the first that is timed. */
  readonly warmup: number;
  /** Longest that these go on; without a limit by default. */
  readonly warmupMs?: number;
  readonly runs: number;
}

/** The input that stands in the middle when `inputs` are sorted by length. */
export function medianInput<Input extends PredictorInput>(inputs: readonly Input[]): Input {
  const keyed = inputs.map((input) => ({ input, key: textsOfInput(input).join('\n') }));
  keyed.sort((a, b) => a.key.length - b.key.length || (a.key < b.key ? -1 : 1));
  return keyed[Math.floor(keyed.length / 2)].input;
}

/** Times `runs` predictions of `input`, one at a time, after a warm-up that is not counted. */
export async function measureLatency(
  predictor: Timed,
  input: PredictorInput,
  { warmup, warmupMs = Number.POSITIVE_INFINITY, runs }: LatencyRuns,
  signal?: AbortSignal,
): Promise<Latency> {
  const turns = new Turns();
  const once = async (): Promise<number> => {
    await turns.yield(signal);
    const started = performance.now();
    const answer = predictor.predict([input]);
    // A student answers at once; awaiting it would add the event loop's time.
    if (answer instanceof Promise) await answer;
    return performance.now() - started;
  };
  const end = performance.now() + warmupMs;
  for (let run = 0; run < warmup && performance.now() < end; run++) await once();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) times.push(await once());
  times.sort((a, b) => a - b);
  return { p50Ms: percentile(times, 0.5), p95Ms: percentile(times, 0.95) };
}
