/** What every contestant has to answer before it is timed: a fast wrong answer is not measured. */
import { type Case, differentTexts } from './case.ts';
import { isFloor, type SeatName } from './contestants/names.ts';

/** Of contestants in F32 from the student in F32: sums in another order. */
const FLOAT_TOLERANCE = 1e-4;
/** Of contestants in int8 from the student in int8, whose activations have other steps: a part of the range of logits. */
const INTEGER_TOLERANCE = 0.05;
/** The same of a student with attention, which is in int8 in Retort and in F32 in the others. */
const ATTENTION_TOLERANCE = 0.1;

/** What the scalar reference answers to the different texts of an input, `[texts, labels]`. */
export interface Expected {
  readonly int8: readonly number[];
  readonly float: readonly number[];
}

/** A case with the answers that it has to get. */
export interface CheckedCase extends Case {
  readonly expected: Expected;
}

/**
 * Retort has to answer the same bits on every host and with every module, the others what is close enough; a floor
 * answers nothing.
 *
 * @returns null, or what is wrong with `answers`
 */
export function faultOf(
  contestant: SeatName,
  { student, expected, batch }: CheckedCase,
  answers: Float32Array,
): string | null {
  if (isFloor(contestant)) return null;
  const isFloat = contestant === 'tfjs-wasm' || contestant.endsWith('fp32') || contestant === 'fasttext-wasm';
  const right = isFloat ? expected.float : expected.int8;
  const width = right.length / differentTexts(batch);
  if (answers.length !== batch * width) return `expected ${batch * width} answers, got ${answers.length}`;
  const range = Math.max(1, Math.max(...right) - Math.min(...right));
  const ofInteger = student.startsWith('transformer') ? ATTENTION_TOLERANCE : INTEGER_TOLERANCE;
  const tolerance = contestant.startsWith('retort') ? 0 : (isFloat ? FLOAT_TOLERANCE : ofInteger) * range;
  const wrong = answers.findIndex((value, i) => !(Math.abs(value - right[i % right.length]) <= tolerance));
  if (wrong === -1) return null;
  return `expected ${right[wrong % right.length]} within ${tolerance} at ${wrong}, got ${answers[wrong]}`;
}
