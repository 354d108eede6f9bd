/** What every contestant has to answer before it is timed: a fast wrong answer is not measured. */
import type { Input, StudentName } from './case.ts';
import type { StudentFiles } from './contestants/contestant.ts';
import type { ContestantName } from './contestants/names.ts';
import { retortOnIds, retortOnTexts } from './contestants/retort.ts';

/** Of contestants in F32 from the student in F32: sums in another order. */
const FLOAT_TOLERANCE = 1e-4;
/** Of contestants in int8 from the student in int8, whose activations have other steps: a part of the range of logits. */
const INTEGER_TOLERANCE = 0.05;

const noSimd = () => ({ unavailable: 'not asked for' });

/** Checks answers of one contestant at one student. */
export class AnswerCheck {
  readonly #student: StudentName;
  readonly #files: StudentFiles;

  constructor(student: StudentName, files: StudentFiles) {
    this.#student = student;
    this.#files = files;
  }

  /** @returns null, or what is wrong with `answers` */
  fault(contestant: ContestantName, input: Input, answers: Float32Array): string | null {
    const isFloat = contestant === 'tfjs-wasm' || contestant.endsWith('fp32') || contestant === 'fasttext-wasm';
    const expected = this.#expected(isFloat, input);
    const range = Math.max(1, Math.max(...expected) - Math.min(...expected));
    const tolerance = contestant.startsWith('retort') ? 0 : (isFloat ? FLOAT_TOLERANCE : INTEGER_TOLERANCE) * range;
    if (answers.length !== expected.length) return `expected ${expected.length} answers, got ${answers.length}`;
    const wrong = answers.findIndex((value, i) => !(Math.abs(value - expected[i]) <= tolerance));
    return wrong === -1 ? null : `expected ${expected[wrong]} within ${tolerance} at ${wrong}, got ${answers[wrong]}`;
  }

  /** The answers of the scalar reference. */
  #expected(isFloat: boolean, input: Input): Float32Array {
    const bytes = isFloat ? this.#files.float : this.#files.student;
    const reference = (this.#student === 'static-words' ? retortOnTexts : retortOnIds)(noSimd, bytes, 'scalar');
    return reference.prepare(input)() as Float32Array;
  }
}

/** F32 bits in hexadecimal digits. */
export function bitsOf(answers: Float32Array): string {
  return Buffer.from(answers.buffer, answers.byteOffset, answers.byteLength).toString('hex');
}
