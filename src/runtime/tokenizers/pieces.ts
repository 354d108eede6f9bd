/** The pieces of a student file: strings one after the other, and the length of each. */
import type { Tensor } from '../../format/index.ts';

/** The pieces of a vocabulary of UTF-8, which the reader has checked, in the order of their ids. */
export function readPieces(tensors: ReadonlyMap<string, Tensor>): readonly string[] {
  const bytes = tensors.get('tokenizer.pieces')!.data as Uint8Array;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const pieces: string[] = [];
  let byte = 0;
  let unit = 0;
  for (const length of tensors.get('tokenizer.lengths')!.data) {
    const start = unit;
    for (const end = byte + length; byte < end; byte++) {
      const isContinuation = (bytes[byte] & 0xc0) === 0x80;
      if (!isContinuation) unit += bytes[byte] >= 0xf0 ? 2 : 1;
    }
    pieces.push(text.slice(start, unit));
  }
  return pieces;
}
