/**
 * What a model is asked about a row, as one string: its text; to tag, each of its words within its text. So a tagger's
 * answers have one size, and are kept and found as those of any other model: by what was read.
 */
import type { TaskKind } from '../../format/index.ts';
import { wordsOf } from '../answers.ts';

/** Parts a text from the number of its word; numbers have one length, so that the words of a text sort side by side. */
const SEPARATOR = ' \u0000';
const DIGITS = 6;

/** The inputs of a model for one text, in the order of its words. */
export function inputsOf(text: string, task: TaskKind | undefined): readonly string[] {
  return task === 'tag'
    ? wordsOf(text).map((_, word) => text + SEPARATOR + String(word).padStart(DIGITS, '0'))
    : [text];
}

/** The word, from 0, and the text that an input to tag asks about. */
export function wordAsked(input: string): { readonly word: number; readonly text: string } {
  const end = input.lastIndexOf(SEPARATOR);
  return { word: Number(input.slice(end + SEPARATOR.length)), text: input.slice(0, end) };
}
