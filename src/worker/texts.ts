/**
 * From the `input` of a request to texts that a predictor may be given.
 */
import type { Prediction } from '../runtime/index.ts';
import { HttpError } from './errors.ts';
import type { Classification, Input } from './messages.ts';
import type { Limits } from './options.ts';

/**
 * The texts of an input, within the limits.
 *
 * @throws HttpError 413 where there are too many texts or characters
 */
export function textsOf(input: Input, { maxTexts, maxCharacters }: Limits): readonly string[] {
  const texts = typeof input === 'string' ? [input] : input;
  if (texts.length > maxTexts) {
    const message = `input: expected at most ${maxTexts} texts, got ${texts.length}; send several requests.`;
    throw new HttpError(413, 'too_many_texts', message);
  }
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  if (characters > maxCharacters) {
    const message = `input: expected at most ${maxCharacters} characters in all, got ${characters}; send fewer or shorter texts.`;
    throw new HttpError(413, 'too_many_characters', message);
  }
  return texts;
}

/** Predictions as they go over the wire. */
export function classificationsOf(predictions: readonly Prediction[], topK?: number): Classification[] {
  return predictions.map(({ labels, tokens, truncated }, index) => ({
    index,
    labels: labels.slice(0, topK),
    tokens,
    truncated,
  }));
}
