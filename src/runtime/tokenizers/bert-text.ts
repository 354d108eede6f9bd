/**
 * Text as BERT reads it (google-research/bert, tokenization.py; here as Hugging Face's `BertNormalizer` and
 * `BertPreTokenizer` do it): cleaned, ideographs set apart, accents and case taken off, then cut into words and
 * punctuation.
 */
import type { WordPieceTokenizerSpec } from '../../format/index.ts';
import { classifier } from './characters.ts';
import { wellFormed } from './normalize.ts';

/** What cleaning removes; unassigned characters stay. */
const REMOVED = /[^\P{C}\p{Cn}\t\n\r]|[\0\ufffd]/gu;
/** The reference's blocks of ideographs, by their code points: not the script, and without the later extensions. */
const IDEOGRAPHS =
  /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;
/** Anything but printable ASCII: what only lower-casing could change. */
const NOT_PLAIN = /[^ -~]/;

/** What a character is to the cutting. */
export const LETTER = 1;
/** Parts words, and is none. */
export const SPACE = 2;
/** A word of its own. */
export const PUNCTUATION = 3;

/** The class of the character at a position. */
export const classAt: (text: string, at: number) => number = classifier((character) => {
  if (/[!-/:-@[-`{-~\p{P}]/u.test(character)) return PUNCTUATION;
  return /\p{White_Space}/u.test(character) ? SPACE : LETTER;
});

/** Normalizes a text in the steps that the spec asks for. */
export function bertText(text: string, spec: WordPieceTokenizerSpec): string {
  let clean = text;
  if (NOT_PLAIN.test(text)) {
    clean = wellFormed(clean);
    if (spec.cleanText) clean = clean.replace(REMOVED, '').replace(/\p{White_Space}/gu, ' ');
    if (spec.spaceIdeographs) clean = clean.replace(IDEOGRAPHS, ' $& ');
    if (spec.stripAccents) clean = clean.normalize('NFD').replace(/\p{Mn}/gu, '');
    // The reference lower-cases character by character, so a sigma at the end of a word stays an inner one.
    if (spec.lowercase) clean = clean.replaceAll('\u03a3', '\u03c3');
  }
  return spec.lowercase ? clean.toLowerCase() : clean;
}
