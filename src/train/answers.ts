/** What is said about a row, whoever says it: one vector for a text; to tag, one for each of its words. */
import type { TaskKind } from '../format/index.ts';

/** What rows are asked for. */
export interface Question {
  /** Default `classify`. */
  readonly task?: TaskKind | undefined;
  /** Label names; their order is the order of the logits. None to embed. */
  readonly labels: readonly string[];
}

/** The words of a text that was cut into words already: what lies between its spaces. */
export function wordsOf(text: string): readonly string[] {
  return text.split(' ');
}

/**
 * Cuts what is said about a row into its answers.
 *
 * @param values of all answers, one after the other
 * @returns to tag, `[numLabels]` for each word; the values as they are otherwise
 */
export function answersOf(values: Float32Array, { task, labels: { length } }: Question): readonly Float32Array[] {
  if (task !== 'tag') return [values];
  return Array.from({ length: values.length / length }, (_, i) => values.subarray(i * length, (i + 1) * length));
}

/** The answers of a row as {@link answersOf} cuts them. */
export function joinVectors(answers: readonly Float32Array[]): Float32Array {
  if (answers.length === 1) return answers[0];
  const values = new Float32Array(answers.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const answer of answers) {
    values.set(answer, at);
    at += answer.length;
  }
  return values;
}
