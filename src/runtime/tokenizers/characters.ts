/** Characters of a text: code points, in one unit or in a surrogate pair. */

/** Units of the character at `at`: 2 for a surrogate pair. */
export function unitsAt(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}

/**
 * What the character at `at` is to a tokenizer, by `classify`, which is asked once about each character of the first two
 * planes: any alphabet in use, and emoji.
 *
 * @param classify gives the class of a character, 1 to 255
 */
export function classifier(classify: (character: string) => number): (text: string, at: number) => number {
  const known = new Uint8Array(0x20000);
  return (text, at) => {
    const code = text.codePointAt(at)!;
    const kind = known[code] || classify(String.fromCodePoint(code));
    known[code] = kind;
    return kind;
  };
}
