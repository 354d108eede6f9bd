/** Texts that meet every corner of a tokenizer: nothing, words, other scripts, half a character, more than it reads. */
export const TEXTS: readonly string[] = [
  '',
  'Meeting moved to three, see you there.',
  'CONGRATULATIONS!!! You have been selected: claim your FREE prize now, click http://win.example',
  'Ein Zug nach Köln, 日本語のテキスト, عربى, 😀👩‍👩‍👧 e\u0301',
  '\ud800 lone \udfff',
  '\u0000\t\n  ',
  'free money '.repeat(2000),
];
