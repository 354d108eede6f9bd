/** Everything that a student says about an input, as JSON in which floats are bits: what other runtimes have to say too. */
import { isPixels, type PredictorInput, type Student } from '../../src/runtime/index.ts';

/** Tokens of one text. */
export interface Reading {
  readonly ids: readonly number[];
  readonly truncated: boolean;
}

/** An answer. Floats are the hexadecimal digits of their bits. */
export interface Answer {
  /** Of each text; none of an image. */
  readonly readings: readonly Reading[];
  readonly logits: readonly string[];
  /** To classify, in the order of the labels. */
  readonly scores?: readonly string[];
  /** To tag. */
  readonly words?: readonly (readonly [start: number, end: number, label: string, score: string])[];
  /** To embed: the whole vector, and its first half, rounded up. */
  readonly vector?: readonly string[];
  readonly half?: readonly string[];
}

/** The hexadecimal digits of the bits of an F32 value. */
export function toBits(value: number): string {
  return new Uint32Array(new Float32Array([value]).buffer)[0].toString(16).padStart(8, '0');
}

/** What `student` says about `input`. */
export function answerOf(student: Student, input: PredictorInput): Answer {
  const readings = textsIn(input).map((text) => {
    const { ids, truncated } = student.tokenize(text);
    return { ids: [...ids], truncated };
  });
  return { readings, logits: Array.from(student.logits(input), toBits), ...taskAnswer(student, input) };
}

function textsIn(input: PredictorInput): readonly string[] {
  if (isPixels(input)) return [];
  return typeof input === 'string' ? [input] : [input.text, input.pair];
}

function taskAnswer(student: Student, input: PredictorInput): Pick<Answer, 'scores' | 'words' | 'vector' | 'half'> {
  const { task, labels } = student.info;
  if (task === 'tag') {
    const words = student.tag(input as string);
    return { words: words.map(({ start, end, label, score }) => [start, end, label, toBits(score)]) };
  }
  if (task === 'embed') {
    const vector = student.embed(input);
    const half = student.embed(input, { size: Math.ceil(vector.length / 2) });
    return { vector: Array.from(vector, toBits), half: Array.from(half, toBits) };
  }
  const scores = new Map(student.classify(input).map(({ label, score }) => [label, toBits(score)]));
  return { scores: labels.map((label) => scores.get(label)!) };
}
