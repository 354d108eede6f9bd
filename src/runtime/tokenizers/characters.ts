/** Characters of a text: code points, in one unit or in a surrogate pair. */

/** Units of the character at `at`: 2 for a surrogate pair. */
export function unitsAt(text: string, at: number): number {
  return text.charCodeAt(at) < 0xd800 || text.codePointAt(at)! <= 0xffff ? 1 : 2;
}

/**
 * What the character at `at` is to a tokenizer, by `classify`, which is asked about ASCII only once.
 *
 * @param classify gives the class of a character, 0 to 255
 */
export function classifier(classify: (character: string) => number): (text: string, at: number) => number {
  const ascii = Uint8Array.from({ length: 128 }, (_, code) => classify(String.fromCharCode(code)));
  return (text, at) => {
    const unit = text.charCodeAt(at);
    return unit < 128 ? ascii[unit] : classify(String.fromCodePoint(text.codePointAt(at)!));
  };
}
