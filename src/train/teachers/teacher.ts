/**
 * A teacher is an encoder (text -> pooled features) and a head (features -> logits). They are two entries of the cache
 * with two ids, so that fitting a head again never runs the encoder again.
 */

/** Options of a run that can be stopped. */
export interface Interruptible {
  readonly signal?: AbortSignal;
}

/** Turns texts into pooled features. Runs in a worker thread or another process, never where requests are answered. */
export interface Encoder {
  /** Content hash of everything that determines the output: weights, vocabulary, cut, padding. */
  readonly id: string;
  readonly name: string;
  /** Length of a feature vector. */
  readonly featureSize: number;
  /** Bytes of weights and vocabulary. */
  readonly bytes: number;
  /** @returns `[featureSize]` a text, in order; a text's output does not depend on its neighbours */
  encode(texts: readonly string[], options?: Interruptible): Promise<readonly Float32Array[]>;
  dispose(): void | Promise<void>;
}

/** What a head is fitted for. */
export interface HeadTask {
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
  /** Content hash of its weights and of the encoder's id. */
  readonly id: string;
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  /** @returns one logit a label */
  logits(features: Float32Array): Float32Array;
  toJSON(): HeadJson;
}
