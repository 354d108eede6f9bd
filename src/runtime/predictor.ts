/**
 * What answers for an input, wherever it runs: a student in this process, a teacher in a worker thread, something behind
 * a socket. The server and the comparison know nothing else.
 */
import type { TaskKind } from '../format/index.ts';

/** One label with its score, a probability: over all labels they add up to 1 (single label), or each stands alone. */
export interface LabelScore {
  readonly label: string;
  readonly score: number;
}

/** Two texts of a task that is about both, e.g. whether they say the same. */
export interface TextPair {
  readonly text: string;
  readonly pair: string;
}

/** The pixels of an image, one byte a channel, row by row; the second is what a canvas gives. */
export type Pixels = Uint8Array | Uint8ClampedArray;

/** What is predicted on: a text, a pair, or an image. */
export type PredictorInput = string | TextPair | Pixels;

/** Labels with scores, best first: there is at least one. */
export type RankedLabels = readonly [best: LabelScore, ...others: LabelScore[]];

/** What a predictor says about one input. */
export interface Prediction {
  /** Every label, best first; equal scores in the order of the task's labels. */
  readonly labels: readonly LabelScore[];
  /** Tokens that were read, after truncation; null where only the predictor itself knows, and of an image. */
  readonly tokens: number | null;
  /** True where a part of the text was not read because it was longer than the predictor's limits. */
  readonly truncated: boolean;
}

/** Where an answer comes from. */
export interface PredictorInfo {
  readonly name: string;
  readonly role: 'student' | 'teacher';
  /** What it was made for; one that does not classify refuses {@link Predictor.predict}. */
  readonly task: TaskKind;
  /** In the order of the task; none where texts are embedded. */
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  /** Bytes of everything that has to be shipped to run it: weights and vocabulary; null for one that is not shipped. */
  readonly bytes: number | null;
  /** What computes, e.g. `simd`, `scalar`, `tfjs-wasm`. */
  readonly backend: string;
  /** Measured scores from the student file, where there are any. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Options of one call. */
export interface PredictOptions {
  /**
   * Ends the call early where the predictor can be interrupted; a student answers synchronously and cannot. A call that
   * is aborted settles once nothing computes for it any more, so that whoever calls next has the predictor to itself.
   */
  readonly signal?: AbortSignal;
}

/** Anything that classifies texts, pairs or images. */
export interface Predictor {
  readonly info: PredictorInfo;
  /**
   * @returns one prediction an input, in order
   * @throws InputError with code `wrong_task` where it does not classify, InputError where `inputs` is not an array of
   * what it reads, BusyError where too many calls wait already
   */
  predict(
    inputs: readonly PredictorInput[],
    options?: PredictOptions,
  ): readonly Prediction[] | Promise<readonly Prediction[]>;
}
