/** Prunes a byte-level BPE vocabulary: a piece stays with everything that it is merged from. */
import type { BpeTokenizerSpec } from '../../format/index.ts';
import { bpeVocabulary, pieceBytes, type Vocabulary } from './vocabulary.ts';

/** Spelling of the piece for bytes that the texts do not have; UTF-8 never has its bytes, so no merge makes it. */
const UNKNOWN: Uint8Array = Uint8Array.of(0xff, 0xfe);

/** True for a byte-level BPE vocabulary. */
export function isBpe(vocabulary: Vocabulary): vocabulary is Vocabulary<BpeTokenizerSpec> {
  return vocabulary.spec.kind === 'bpe';
}

/**
 * Keeps every byte of `texts`, and the first of the pieces `used` that there is room for together with their parts. The
 * new ids follow the merges, so that no ranks have to be stored; id 0 is for bytes that are not kept.
 *
 * @param used ids, the most frequent first
 * @param maxPieces most pieces of more than one byte
 */
export function keepMerges(
  vocabulary: Vocabulary<BpeTokenizerSpec>,
  used: readonly number[],
  texts: Iterable<string>,
  maxPieces: number,
): Vocabulary<BpeTokenizerSpec> {
  const { spec, tensors } = vocabulary;
  const pieces = pieceBytes(vocabulary);
  const splits = tensors.get('tokenizer.splits')!.data;
  const ranks = tensors.get('tokenizer.ranks')?.data;
  const idOf = new Map(pieces.map((piece, id) => [keyOf(piece), id]));
  const kept = new Set<number>();
  const missing = (id: number, found = new Set<number>()): Set<number> => {
    if (splits[id] === 0 || kept.has(id)) return found;
    found.add(id);
    missing(idOf.get(keyOf(pieces[id].subarray(0, splits[id])))!, found);
    return missing(idOf.get(keyOf(pieces[id].subarray(splits[id])))!, found);
  };
  for (const id of used) {
    const needed = missing(id);
    if (kept.size + needed.size <= maxPieces) for (const one of needed) kept.add(one);
  }
  const rankOf = (id: number): number => ranks?.[id] ?? id;
  const merged = [...kept].sort((a, b) => rankOf(a) - rankOf(b));
  const ids = [...bytesIn(texts, spec.nfc, idOf), ...merged];
  return bpeVocabulary([UNKNOWN, ...ids.map((id) => pieces[id])], Uint8Array.of(0, ...ids.map((id) => splits[id])), {
    ...spec,
    unknownId: 0,
  });
}

/** Ids of the bytes that occur in `texts`, the space included; those that a vocabulary has no piece for left out. */
function bytesIn(texts: Iterable<string>, nfc: boolean, idOf: ReadonlyMap<string, number>): readonly number[] {
  const bytes = new Set([0x20]);
  const encoder = new TextEncoder();
  for (const text of texts) for (const byte of encoder.encode(nfc ? text.normalize('NFC') : text)) bytes.add(byte);
  return [...bytes].sort((a, b) => a - b).flatMap((byte) => idOf.get(String.fromCharCode(byte)) ?? []);
}

function keyOf(piece: Uint8Array): string {
  return String.fromCharCode(...piece);
}
