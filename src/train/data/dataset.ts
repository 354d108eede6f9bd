/** Rows of labelled and unlabelled text, and the three splits that an experiment needs. */

import type { ImageInput } from '../../format/index.ts';
import type { Question } from '../answers.ts';
import type { StoredTexts } from '../storage/stored-texts.ts';

/** One example. Teacher and student may read different fields of it; that is all that cross-modal distillation is. */
export interface Row {
  /** Unique in the dataset: given, or derived from the content. */
  readonly id: string;
  /** Named fields, e.g. `text`. */
  readonly fields: Readonly<Record<string, string>>;
  /** Gold labels (exactly one for a single-label task, to tag one a word); null where the row is unlabelled. */
  readonly labels: readonly string[] | null;
  /** Where a row that was made from another one comes from. */
  readonly origin?: { readonly id: string; readonly method: string };
}

/** Two texts of a split, and how alike they are. */
export interface SimilarTexts {
  readonly texts: readonly [string, string];
  /** On any scale; only the order of similarities counts. */
  readonly similarity: number;
}

/** Splits of one task. Training rows without labels are the unlabelled part of the transfer set. */
export interface Dataset extends Question {
  readonly name: string;
  readonly multiLabel: boolean;
  /** The field that the teacher reads and the field that the student reads. */
  readonly teacherField: string;
  readonly studentField: string;
  /** The field of the second text, where a task is about two; both read it. */
  readonly pairField?: string;
  /** What the field is an image of; it holds base64 of one byte a channel, row by row, pixel by pixel. */
  readonly image?: Omit<ImageInput, 'kind'>;
  readonly train: readonly Row[];
  /** Further training rows, of files: unlabelled texts for teacher and student that memory has no room for. */
  readonly stored?: StoredTexts;
  /** Labelled, but to embed; every choice is made on it. */
  readonly dev: readonly Row[];
  /** Labelled, but to embed; only reported on. */
  readonly test: readonly Row[];
  /** To embed: texts of dev and of test whose similarity is known. */
  readonly similar?: { readonly dev: readonly SimilarTexts[]; readonly test: readonly SimilarTexts[] };
  /** What else may be known about the training rows: gold labels that were hidden on purpose, by row id. */
  readonly hiddenLabels?: ReadonlyMap<string, readonly string[]>;
}

/** A dataset without its unlabelled training rows: what a teacher learns from. */
export function labelledRows({ stored, ...dataset }: Dataset): Dataset {
  return { ...dataset, train: dataset.train.filter(({ labels }) => labels !== null) };
}
