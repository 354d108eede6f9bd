/** Characters of a well-formed text: code points, in one unit or a surrogate pair. */

/** Units of the character at `at`: 2 for a surrogate pair. */
export function unitsAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit < 0xdc00 ? 2 : 1;
}
