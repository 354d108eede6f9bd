/**
 * GPT-2's alphabet for bytes (openai/gpt-2, encoder.py): every byte is written as a printable character, so that pieces
 * of bytes can stand in JSON and in `merges.txt`. Printable bytes of Latin-1 are themselves, the others follow U+0100.
 */

/** Character of each byte. */
export const BYTE_CHARACTERS: readonly string[] = spell();

const BYTES: ReadonlyMap<string, number> = new Map(BYTE_CHARACTERS.map((character, byte) => [character, byte]));

function spell(): string[] {
  let unprintable = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCharCode(isPrintable ? byte : 0x100 + unprintable++);
  });
}

/** The bytes that a piece spells, or null where it is not written in this alphabet. */
export function bytesOf(piece: string): Uint8Array | null {
  const bytes = Uint8Array.from(piece, (character) => BYTES.get(character) ?? 0);
  return [...piece].every((character) => BYTES.has(character)) ? bytes : null;
}
