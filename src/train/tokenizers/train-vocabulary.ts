/** Learns a vocabulary from a transfer set, for a teacher that has none to take over. */
import { wordEnd } from '../../runtime/index.ts';
import { type CountedWord, MergeLearner } from './merge-learner.ts';
import type { PrunedVocabulary } from './prune-vocabulary.ts';
import { bpeVocabulary } from './vocabulary.ts';

/** Longest piece that is learned: a longer one is a text that stands twice, and no part of language. */
const LONGEST_PIECE_BYTES = 48;
/** Spelling of the piece for bytes that the texts do not have; no merge makes it. */
const UNKNOWN = '<unk>';

/**
 * A byte-level BPE vocabulary of `texts`: the bytes that they have, then the most frequent merges. Texts are put into
 * NFC, and cut into words as GPT-2 does; nothing of them is unknown, and they keep case and accents. The same texts give
 * the same vocabulary.
 *
 * @param maxCharacters UTF-16 code units of a text that are read
 * @param size most pieces; bytes and the unknown piece stay even where there are more of them
 */
export function trainVocabulary(texts: Iterable<string>, maxCharacters: number, size: number): PrunedVocabulary {
  const words = countWords(texts, maxCharacters);
  const bytes = [...new Set(words.flatMap(({ symbols }) => [...symbols]))].sort((a, b) => a - b);
  const pieces = [UNKNOWN, ...bytes.map((byte) => String.fromCharCode(byte))];
  const splits = pieces.map(() => 0);
  const idOf = new Map(bytes.map((byte, i) => [byte, i + 1]));
  const known = new Set(pieces);
  const learner = new MergeLearner(
    words.map(({ symbols, count }) => ({ symbols: Array.from(symbols, (byte) => idOf.get(byte)!), count })),
  );
  const isWanted = (left: number, right: number): boolean => {
    const piece = pieces[left] + pieces[right];
    return piece.length <= LONGEST_PIECE_BYTES && !known.has(piece);
  };
  while (pieces.length < size) {
    const merge = learner.merge(pieces.length, isWanted);
    if (merge === null) break;
    const piece = pieces[merge.left] + pieces[merge.right];
    splits.push(pieces[merge.left].length);
    known.add(piece);
    pieces.push(piece);
  }
  const spelled = pieces.map((piece) => Uint8Array.from(piece, (character) => character.charCodeAt(0)));
  const spec = { unknownId: 0, prefixIds: [], suffixIds: [], addPrefixSpace: true, nfc: true };
  const coverage = { pieces: pieces.length, piecesBefore: pieces.length, unknown: 0, unknownBefore: 0 };
  return { vocabulary: bpeVocabulary(spelled, Uint8Array.from(splits), spec), coverage };
}

/** The words of all texts as bytes, in the order in which they first occur. */
function countWords(texts: Iterable<string>, maxCharacters: number): readonly CountedWord[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const clean = ` ${text.slice(0, maxCharacters).normalize('NFC').replace(/^ /, '')}`;
    for (let at = 0; at < clean.length; ) {
      const end = wordEnd(clean, at);
      const word = clean.slice(at, end);
      counts.set(word, (counts.get(word) ?? 0) + 1);
      at = end;
    }
  }
  const encoder = new TextEncoder();
  return Array.from(counts, ([word, count]) => ({ symbols: encoder.encode(word), count }));
}
