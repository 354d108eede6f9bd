/** The part of a transfer set that lies on disk: unlabelled texts with what the teacher said about them. */
import { countTexts, type StoredTexts, TextReader } from './storage/stored-texts.ts';
import { type StoredVectors, VectorReader } from './storage/stored-vectors.ts';

/** Files that run parallel; plain data. */
export interface StoredRows {
  readonly texts: StoredTexts;
  /** `[numLabels]` a row. */
  readonly teacherLogits: StoredVectors;
  /** `[featureSize]` a row; null where a run uses no feature loss. */
  readonly teacherFeatures: StoredVectors | null;
  /** Whether what the teacher decided is the label of a row. */
  readonly hardLabelled: boolean;
}

/** One of them. */
export interface StoredRow {
  readonly text: string;
  readonly logits: Float32Array;
  readonly features: Float32Array | null;
}

/** Reads single rows, in any order. */
export class StoredRowReader {
  readonly count: number;
  readonly #texts: TextReader;
  readonly #logits: VectorReader;
  readonly #features: VectorReader | null;

  constructor({ texts, teacherLogits, teacherFeatures }: StoredRows) {
    this.count = countTexts(texts);
    this.#texts = new TextReader(texts);
    this.#logits = new VectorReader(teacherLogits);
    this.#features = teacherFeatures === null ? null : new VectorReader(teacherFeatures);
  }

  at(row: number): StoredRow {
    return {
      text: this.#texts.at(row),
      logits: this.#logits.at(row),
      features: this.#features?.at(row) ?? null,
    };
  }

  close(): void {
    this.#texts.close();
    this.#logits.close();
    this.#features?.close();
  }
}
