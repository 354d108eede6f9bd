/** What a student is asked about, checked before anything is computed. */
import { InputError, type StudentSpec, type TextStudentSpec } from '../format/index.ts';
import type { Pixels, TextPair } from './predictor.ts';

/**
 * The texts of an input: one, or both of a pair.
 *
 * @throws InputError where it is something else
 */
export function textsOf({ input: kind }: TextStudentSpec, input: unknown, place: string): readonly string[] {
  const { text, pair } = (input ?? {}) as Partial<TextPair>;
  const texts = kind === undefined ? [input] : [text, pair];
  if (texts.every((one) => typeof one === 'string')) return texts;
  throw wrongInput(place, kind === undefined ? 'a string' : '{ text, pair }, two strings', input);
}

/** Whether an input is an image, of whatever size. */
export function isPixels(input: unknown): input is Pixels {
  return input instanceof Uint8Array || input instanceof Uint8ClampedArray;
}

/**
 * The pixels of an image of `size` values.
 *
 * @throws InputError where the input is something else
 */
export function pixelsOf(size: number, input: unknown, place: string): Pixels {
  if (isPixels(input) && input.length === size) return input;
  throw wrongInput(place, `a Uint8Array of ${size} bytes`, input);
}

/** How long an input is, in what its time grows with: UTF-16 code units that are read, or values of an image. */
export function lengthOf(spec: StudentSpec, input: unknown, place: string): number {
  if ('tokenizer' in spec) {
    return textsOf(spec, input, place).reduce((sum, text) => sum + Math.min(text.length, spec.maxCharacters), 0);
  }
  const { height, width, channels } = spec.input;
  return pixelsOf(height * width * channels, input, place).length;
}

/** Says that a value is not what is due at its place. */
export function wrongInput(place: string, expected: string, got: unknown): InputError {
  const what = isPixels(got) ? `${got.length} bytes` : got === null ? 'null' : typeof got;
  return new InputError(`${place}: expected ${expected}, got ${what}`);
}
