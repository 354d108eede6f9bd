/**
 * Cuts a text into words as GPT-2 does (openai/gpt-2, encoder.py), whose regular expression is
 * `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`: a scan that looks ahead by one
 * character, so that no text makes it slow.
 */
import { classifier, unitsAt } from './characters.ts';

const SPACE = 1;
const LETTER = 2;
const NUMBER = 3;
const OTHER = 4;

const BLANK = 0x20;
const APOSTROPHE = 0x27;
/** What an apostrophe makes a word of its own with. */
const CONTRACTIONS = /[stmd]|re|ve|ll/y;

const classAt = classifier((character) => {
  if (/\p{L}/u.test(character)) return LETTER;
  if (/\p{N}/u.test(character)) return NUMBER;
  return /\p{White_Space}/u.test(character) ? SPACE : OTHER;
});

/** The end of the word of `text` that starts at `start`, which is inside it. */
export function wordEnd(text: string, start: number): number {
  if (text.charCodeAt(start) === APOSTROPHE) {
    CONTRACTIONS.lastIndex = start + 1;
    if (CONTRACTIONS.test(text)) return CONTRACTIONS.lastIndex;
  }
  // A space belongs to what follows, as the last of several does.
  let end = text.charCodeAt(start) === BLANK ? start + 1 : start;
  const kind = end < text.length ? classAt(text, end) : SPACE;
  while (end < text.length && classAt(text, end) === kind) end += unitsAt(text, end);
  return kind === SPACE && end < text.length && end - start > 1 ? end - 1 : end;
}
