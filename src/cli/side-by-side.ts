/**
 * Students, and a teacher that classifies, on the same inputs, of tasks and inputs that the server does not serve. Models
 * run one after the other, so that none is timed while another computes.
 */
import type { TaskKind } from '../format/index.ts';
import {
  agreementsOf,
  type LabelScore,
  type Prediction,
  type PredictorInfo,
  type PredictorInput,
  type TaggedWord,
  verdictOf,
} from '../runtime/index.ts';
import { cosine, measureLatency, medianInput, OUTSIDE, type Timed } from '../train/index.ts';

/** What is put beside others. */
export interface ComparedModel {
  /** Told apart by it. */
  readonly id: string;
  readonly info: PredictorInfo;
  readonly timed: Timed;
}

/** What a model says about an input: of one task, one of these. */
export type ComparedAnswer =
  | { readonly labels: readonly LabelScore[] }
  | { readonly words: readonly TaggedWord[] }
  /** Cosine with the vector of each input. */
  | { readonly similarities: readonly number[] };

/** One model's part, named as in the server's comparison. */
export interface ComparedResult {
  readonly id: string;
  readonly name: string;
  readonly role: 'student' | 'teacher';
  readonly backend: string;
  readonly bytes: number | null;
  readonly data: readonly ComparedAnswer[];
  readonly agreement_with_teacher: number | null;
  readonly latency: { readonly p50_ms: number; readonly p95_ms: number; readonly runs: number };
}

/** Every model on the same inputs. */
export interface SideBySide {
  readonly object: 'comparison';
  readonly models: readonly ComparedResult[];
  /** Share of answers, to tag of words, that are the same; null to embed, where vectors of two models are not alike. */
  readonly agreement: readonly (readonly number[])[] | null;
}

/** Answers of a student before the first that is timed; of a teacher each may take seconds, or cost something. */
const STUDENT_WARMUP = 2000;
/** Longest that they go on. */
const WARMUP_MS = 1000;

/**
 * @param models of `task`, at least one
 * @param inputs at least one
 * @param runs timed answers of each model, on the input of median length
 * @throws InputError where an input is not what a model reads, or the reason of `signal`
 */
export async function compareSideBySide(
  task: TaskKind,
  models: readonly ComparedModel[],
  inputs: readonly PredictorInput[],
  runs: number,
  signal: AbortSignal,
): Promise<SideBySide> {
  const answers: (readonly ComparedAnswer[])[] = [];
  const latencies: ComparedResult['latency'][] = [];
  for (const { info, timed } of models) {
    answers.push(answersOf(task, await timed.predict(inputs)));
    const warmup = info.role === 'student' ? STUDENT_WARMUP : 0;
    const { p50Ms, p95Ms } = await measureLatency(
      timed,
      medianInput(inputs),
      { warmup, warmupMs: WARMUP_MS, runs },
      signal,
    );
    latencies.push({ p50_ms: p50Ms, p95_ms: p95Ms, runs });
  }
  const verdicts = verdictsOf(models, answers);
  const agreement = verdicts === null ? null : agreementsOf(verdicts);
  const teacher = models.findIndex(({ info }) => info.role === 'teacher');
  return {
    object: 'comparison',
    models: models.map(({ id, info: { name, role, backend, bytes } }, i) => ({
      ...{ id, name: role === 'student' ? id : name, role, backend, bytes, data: answers[i] },
      agreement_with_teacher: teacher === -1 || agreement === null ? null : agreement[teacher][i],
      latency: latencies[i],
    })),
    agreement,
  };
}

function answersOf(task: TaskKind, answers: unknown): readonly ComparedAnswer[] {
  switch (task) {
    case 'classify':
      return (answers as readonly Prediction[]).map(({ labels }) => ({ labels }));
    case 'tag':
      return (answers as readonly (readonly TaggedWord[])[]).map((words) => ({ words }));
    case 'embed': {
      const vectors = answers as readonly Float32Array[];
      return vectors.map((vector) => ({ similarities: vectors.map((other) => cosine(vector, other)) }));
    }
  }
}

/** What each model decided, in strings that are the same where it decided the same; null to embed. */
function verdictsOf(
  models: readonly ComparedModel[],
  answers: readonly (readonly ComparedAnswer[])[],
): readonly (readonly string[])[] | null {
  const [[first]] = answers;
  if ('similarities' in first) return null;
  if ('words' in first) return wordVerdicts(answers as readonly (readonly { words: readonly TaggedWord[] }[])[]);
  return models.map(({ info }, model) =>
    (answers[model] as readonly { labels: readonly LabelScore[] }[]).map(({ labels }) =>
      verdictOf(labels, info.multiLabel),
    ),
  );
}

/** Labels of all words that any model read; one that a model did not read is outside of all entities, as in `eval`. */
function wordVerdicts(
  answers: readonly (readonly { readonly words: readonly TaggedWord[] }[])[],
): readonly (readonly string[])[] {
  const labelled = answers.map(
    (texts) =>
      new Map(
        texts.flatMap(({ words }, text) => words.map(({ start, label }) => [`${text}:${start}`, label] as const)),
      ),
  );
  const places = [...new Set(labelled.flatMap((labels) => [...labels.keys()]))];
  return labelled.map((labels) => places.map((place) => labels.get(place) ?? OUTSIDE));
}
