/** What is timed: a student, how long its texts are, and how many it gets at once. */
import { createRandom } from '../../src/train/random.ts';

/**
 * Students by name. `static` has 1 MB. `static-words` is one without a hidden layer over single words, which fastText
 * can be given too: its texts are read as texts, so that tokenization is timed; those of the others are token ids.
 * A `transformer` has its number of layers and its width in its name.
 */
export const STUDENTS = ['static', 'static-words', 'conv', 'transformer-2x128', 'transformer-4x256'] as const;
/** Name of a student. */
export type StudentName = (typeof STUDENTS)[number];

/** One thing to time. */
export interface Case {
  readonly student: StudentName;
  /** Tokens of each text. */
  readonly seqLen: number;
  /** Texts of a call. */
  readonly batch: number;
}

/** Lengths of texts, in tokens. */
export const LENGTHS: readonly number[] = [16, 32, 128];
/** Texts of a call. */
export const BATCHES: readonly number[] = [1, 32];

/** What a contestant reads: the same numbers in every process. */
export interface Input {
  readonly batch: number;
  readonly seqLen: number;
  /** Token ids, `[batch, seqLen]`. */
  readonly ids: Int32Array;
  /** As many texts, of as many words; not those of `ids`. */
  readonly texts: readonly string[];
}

/** Words that texts of the benchmark are made of. */
export const WORDS: readonly string[] = Array.from({ length: 2000 }, (_, i) => `w${(i * 7919) % 10_007}`);

/** Every length and batch of a student; of a transformer one text alone, as 32 would take the reference half a minute. */
export function casesOf(student: StudentName): readonly Case[] {
  const batches = student.startsWith('transformer') ? [1] : BATCHES;
  return LENGTHS.flatMap((seqLen) => batches.map((batch) => ({ student, seqLen, batch })));
}

/** The input of a case. Few ids are frequent and many rare, as in text. */
export function inputOf({ seqLen, batch }: Omit<Case, 'student'>, vocabSize: number): Input {
  const random = createRandom(1000 * seqLen + batch);
  const draw = (size: number): number => Math.floor(size * random.uniform() ** 3);
  const ids = Int32Array.from({ length: batch * seqLen }, () => draw(vocabSize));
  const texts = Array.from({ length: batch }, () =>
    Array.from({ length: seqLen }, () => WORDS[draw(WORDS.length)]).join(' '),
  );
  return { batch, seqLen, ids, texts };
}
