/** Cuts a text to the characters that a tokenizer reads, before anything else looks at it. */

/** The first `maxCharacters` UTF-16 code units of a text, one less where the cut would split a surrogate pair. */
export function cutText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const last = text.charCodeAt(maxCharacters - 1);
  const splitsPair = last >= 0xd800 && last < 0xdc00;
  return text.slice(0, splitsPair ? maxCharacters - 1 : maxCharacters);
}
