/**
 * What student training sees: texts, the labels that are known, and what the teacher said. Plain data, so that it can
 * be handed to a worker thread; the teacher itself never comes along.
 */

/** Texts joined with cached teacher outputs; all arrays run parallel. */
export interface TransferSet {
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  /** The student's field of each row. */
  readonly texts: readonly string[];
  /** Gold targets `[numLabels]` of 0 and 1, or null where the row is unlabelled. */
  readonly targets: readonly (Float32Array | null)[];
  /** Teacher logits `[numLabels]`; null where a run uses no teacher. */
  readonly teacherLogits: readonly Float32Array[] | null;
  /** Teacher features `[featureSize]`; null where a run uses no feature loss. */
  readonly teacherFeatures: readonly Float32Array[] | null;
}
