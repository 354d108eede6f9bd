/**
 * What a teacher is made of: a model that says something of a text, and, where that is features, a head that turns them
 * into logits. Model and head are known by two ids, so that fitting a head again never runs the model again.
 */
import type { Question } from '../answers.ts';
import type { BackendName } from '../backend.ts';
import type { RunHooks } from '../progress.ts';
import type { EpochRecord } from '../training-run.ts';

/** Options of a call that can be stopped. */
export interface Interruptible {
  readonly signal?: AbortSignal;
}

/** Which model, where it runs, and what it is asked: plain data, so that it goes to threads and into files. */
export interface ModelSpec<Options extends ModelOptions = ModelOptions> extends Question {
  /** As in the config, defaults filled in, paths absolute. */
  readonly options: Options;
  readonly backend: BackendName;
  readonly multiLabel: boolean;
}

/** The options of any kind of model. */
export interface ModelOptions {
  readonly kind: string;
}

/** What is known of a model before it is loaded. */
export interface ModelIdentity {
  /** Content hash of everything that determines an output: weights, vocabulary, limits, labels, revision of the code. */
  readonly id: string;
  /** How it is called in tables. */
  readonly name: string;
  /** Pooled features, from which a head makes logits, or logits at once. */
  readonly output: 'features' | 'logits';
  /** Values of one output. */
  readonly size: number;
  /** Bytes of weights and vocabulary; null where they are somewhere else, or where there are none. */
  readonly bytes: number | null;
}

/** A loaded model. */
export interface TeacherModel {
  /**
   * Told of every text that a run will ask about, some perhaps twice, before the first one: refuses what it cannot
   * answer, tells what the run will cost. Of models that run by requests.
   */
  prepare?(texts: AsyncIterable<string>, hooks: RunHooks): Promise<void>;
  /** @param texts inputs, as `inputsOf` gives them @returns one output each, in order; none depends on its neighbors */
  run(texts: readonly string[], options?: Interruptible): Promise<readonly Float32Array[]>;
  dispose(): void | Promise<void>;
}

/** How the training of a model went. */
export interface Learning {
  /** From 1. */
  readonly bestEpoch: number;
  /** Without the seconds, which no two runs have alike. */
  readonly history: readonly Omit<EpochRecord, 'seconds'>[];
}

/** What a head is fitted for. */
export interface HeadTask {
  /** Id of the model that gives the features. */
  readonly encoderId: string;
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
}

/** A head as JSON: what a file needs to hold to run it again. */
export interface HeadJson extends HeadTask {
  readonly featureSize: number;
  /** `[numLabels, featureSize + 1]`, the bias last in each row. */
  readonly weights: readonly number[];
}

/** Turns pooled features into logits. Small enough to run anywhere. */
export interface Head {
  /** Content hash of its weights and of the model's id. */
  readonly id: string;
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  /** @returns one logit a label */
  logits(features: Float32Array): Float32Array;
  toJSON(): HeadJson;
}
