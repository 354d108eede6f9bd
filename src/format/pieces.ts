/** The pieces of a vocabulary: bytes one after the other, and the length of each. */
import type { Tensor } from './spec.ts';

/**
 * Cuts the pieces apart, in the order of their ids.
 *
 * @param isUtf8 whether they are text, to be decoded; otherwise a unit of a string stands for each byte
 * @throws TypeError where text is not UTF-8
 */
export function readPieces(tensors: ReadonlyMap<string, Tensor>, isUtf8: boolean): readonly string[] {
  const bytes = tensors.get('tokenizer.pieces')!.data as Uint8Array;
  const text = isUtf8 ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) : '';
  const pieces: string[] = [];
  let end = 0;
  let unit = 0;
  for (const length of tensors.get('tokenizer.lengths')!.data) {
    const start = unit;
    let byte = end;
    for (end += length; byte < end; byte++) unit += isContinuation(bytes[byte]) ? 0 : bytes[byte] < 0xf0 ? 1 : 2;
    pieces.push(isUtf8 ? text.slice(start, unit) : String.fromCharCode(...bytes.subarray(end - length, end)));
  }
  return pieces;
}

/** True for the second and later bytes of a character. */
export function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
