/** What is timed: a student, how long its texts are, and how many it gets at once. */
import { createRandom } from '../../src/train/random.ts';

/**
 * Students by name. `static` has 1 MB. `static-words` is one without a hidden layer over single words, which fastText
 * can be given too; `least` has nearly no arithmetic, so that its time is what a call costs beyond it: the texts of both
 * are read as texts, so that tokenization is timed; those of the others are token ids. `chain-8x256` is eight products of
 * 256 by 256, one behind the other, for the rate of the int8 product. A `transformer` has its number of layers and its
 * width in its name, too.
 */
export const STUDENTS = [
  'least',
  'static',
  'static-words',
  'conv',
  'chain-8x256',
  'transformer-2x128',
  'transformer-4x256',
] as const;
/** Name of a student. */
export type StudentName = (typeof STUDENTS)[number];

/** Whether the contestants read its texts, and not ids. */
export function readsTexts(student: StudentName): boolean {
  return student === 'static-words' || student === 'least';
}

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

/** Every length and batch of a student; of `least` one word, of the chain 32 rows. */
export function casesOf(student: StudentName): readonly Case[] {
  if (student === 'least') return [{ student, seqLen: 1, batch: 1 }];
  if (student === 'chain-8x256') return [{ student, seqLen: 32, batch: 1 }];
  return LENGTHS.flatMap((seqLen) => BATCHES.map((batch) => ({ student, seqLen, batch })));
}

/** Different texts of a batch, which repeats them: the scalar reference would need minutes for 32 long ones. */
export function differentTexts(batch: number): number {
  return Math.min(batch, 4);
}

/** The input of a case. Few ids are frequent and many rare, as in text. */
export function inputOf({ seqLen, batch }: Omit<Case, 'student'>, vocabSize: number): Input {
  const random = createRandom(1000 * seqLen + batch);
  const draw = (size: number): number => Math.floor(size * random.uniform() ** 3);
  const count = differentTexts(batch);
  const ids = Int32Array.from({ length: count * seqLen }, () => draw(vocabSize));
  const texts = Array.from({ length: count }, () =>
    Array.from({ length: seqLen }, () => WORDS[draw(WORDS.length)]).join(' '),
  );
  return {
    batch,
    seqLen,
    ids: Int32Array.from({ length: batch * seqLen }, (_, i) => ids[i % ids.length]),
    texts: Array.from({ length: batch }, (_, i) => texts[i % count]),
  };
}
