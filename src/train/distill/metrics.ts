/** `metrics.json`: what a run measured. Accuracies and shares are fractions, sizes bytes, latencies milliseconds. */
import type { TaskKind } from '../../format/index.ts';
import type { Machine } from '../records/machine.ts';
import type { Learning } from '../teachers/teacher.ts';
import type { EpochRecord } from '../training-run.ts';

/** Scores on the test set. F1 is macro F1; to tag, accuracy is that of words, and F1 the micro F1 of
 * entities; to embed, accuracy is Spearman's and F1 is Pearson's correlation of similarities. */
export interface Scores {
  readonly accuracy: number;
  readonly f1: number;
  /** Micro F1 of the labels, where a text may have several; left out otherwise. */
  readonly microF1?: number;
}

/** A model that is only compared with. */
export interface BaselineMetrics extends Scores {
  readonly name: string;
}

/** Latency of one text, batch 1, tokenization included, warm, on the median text of test. */
export interface LatencyMetrics {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** The teacher's row; what nobody can know of a teacher that runs elsewhere is null. */
export interface TeacherMetrics extends Scores {
  readonly name: string;
  readonly bytes: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** One student, quantized where nothing else is said; a mean over the seeds, its file that of the seed best on dev. */
export interface StudentMetrics extends Scores, LatencyMetrics {
  readonly name: string;
  readonly family: string;
  /** Absent where all of it is int8. */
  readonly embeddingPrecision?: 'int4';
  /** Relative to the output folder. */
  readonly file: string;
  readonly bytes: number;
  readonly gzipBytes: number;
  /** Before quantization. */
  readonly floatAccuracy: number;
  /** Share of test rows on which the quantized student and float decide alike; to embed, the mean cosine of their vectors. */
  readonly floatAgreement: number;
  /** Accuracy over the teacher's accuracy; null where that is 0. */
  readonly retention: number | null;
  /** Share of test rows on which student and teacher decide alike; to embed, the mean cosine of their vectors. */
  readonly agreement: number;
  /** Accuracy minus that of the same student trained on labels only; null without baselines. */
  readonly gain: number | null;
  /** The teacher's bytes over the student's; null where those are unknown. */
  readonly compression: number | null;
  /** The teacher's p50 over the student's; null where that is unknown. */
  readonly speedup: number | null;
}

/** One student of one seed. */
export interface StudentRun extends Scores {
  readonly name: string;
  readonly devAccuracy: number;
  readonly floatAccuracy: number;
  readonly floatAgreement: number;
  readonly retention: number | null;
  readonly agreement: number;
  readonly gain: number | null;
  readonly confusion: readonly (readonly number[])[] | null;
  readonly bestEpoch: number;
  readonly history: readonly EpochRecord[];
  readonly configHash: string;
}

/** Everything of one seed. */
export interface SeedRun {
  readonly seed: number;
  readonly teacher: Scores & {
    readonly devAccuracy: number;
    /** Of each member: how its training went; null where it was not trained for the task. */
    readonly learning: readonly (Learning | null)[];
  };
  readonly baselines: readonly BaselineMetrics[];
  readonly students: readonly StudentRun[];
}

/** The rows of a run. */
export interface DatasetMetrics {
  readonly name: string;
  /** Left out to classify. */
  readonly task?: TaskKind;
  /** SHA-256 of the rows of the first seed. */
  readonly checksum: string;
  readonly labels: readonly string[];
  /** Training rows that were given, and those of them that are labelled. */
  readonly train: number;
  readonly labelled: number;
  /** Training rows that were made from them. */
  readonly augmented: number;
  readonly dev: number;
  readonly test: number;
}

/** What a run measured, means over the seeds first. */
export interface DistillationMetrics {
  readonly name: string;
  readonly dataset: DatasetMetrics;
  readonly seeds: readonly number[];
  /** Backend of TensorFlow.js. */
  readonly backend: string;
  readonly teacher: TeacherMetrics;
  readonly baselines: readonly BaselineMetrics[];
  readonly students: readonly StudentMetrics[];
  readonly machine: Machine;
  /** Wall-clock seconds of each stage; a teacher that is trained first is trained in `labelling`. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly runs: readonly SeedRun[];
}
