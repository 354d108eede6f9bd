/** Unigram vocabularies as training handles them: strings and scores, pruned to what a transfer set uses. */
import type { Tensor, UnigramTokenizerSpec } from '../format/index.ts';
import { createTokenizer, type Limits } from '../runtime/index.ts';

/** Pieces with their log-probabilities; a piece's position is its id. */
export interface Vocabulary {
  /** All different. */
  readonly pieces: readonly string[];
  readonly scores: Float32Array;
  readonly unknownId: number;
  /** Ids that no text produces. */
  readonly controlIds: readonly number[];
}

/** What pruning kept, and what it cost. */
export interface Coverage {
  readonly pieces: number;
  readonly piecesBefore: number;
  /** Share of the tokens of the texts that are unknown, with the pruned and with the whole vocabulary. */
  readonly unknown: number;
  readonly unknownBefore: number;
}

/** The tokenizer spec of a vocabulary. */
export function unigramSpec(vocabulary: Vocabulary): UnigramTokenizerSpec {
  const { pieces, unknownId, controlIds } = vocabulary;
  return { kind: 'unigram', vocabSize: pieces.length, unknownId, controlIds };
}

/** The tensors that a student file stores a vocabulary in. */
export function vocabularyTensors({ pieces, scores }: Vocabulary): Map<string, Tensor> {
  const encoded = pieces.map((piece) => new TextEncoder().encode(piece));
  const bytes = new Uint8Array(encoded.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of encoded) {
    bytes.set(piece, at);
    at += piece.length;
  }
  const lengths = Uint8Array.from(encoded, (piece) => piece.length);
  return new Map<string, Tensor>([
    ['tokenizer.pieces', { dtype: 'U8', shape: [bytes.length], data: bytes }],
    ['tokenizer.lengths', { dtype: 'U8', shape: [pieces.length], data: lengths }],
    ['tokenizer.scores', { dtype: 'F32', shape: [pieces.length], data: scores }],
  ]);
}

/**
 * Keeps the pieces that `texts` use, the most frequent first, and every single character of them; ids are given anew in
 * the old order. Where nothing frequent had to go, the texts are segmented as before.
 */
export function pruneVocabulary(
  vocabulary: Vocabulary,
  texts: readonly string[],
  limits: Limits,
  maxPieces: number,
): { readonly vocabulary: Vocabulary; readonly coverage: Coverage } {
  const counts = countIds(vocabulary, texts, limits);
  const characters = new Set(texts.flatMap((text) => [...text.normalize('NFKC')]));
  const isCharacter = (piece: string): boolean => piece === '\u2581' || characters.has(piece);
  const used = vocabulary.pieces.map((_, id) => id).filter((id) => counts[id] > 0 && id !== vocabulary.unknownId);
  used.sort((a, b) => counts[b] - counts[a] || a - b);
  const kept = new Set([vocabulary.unknownId, ...used.slice(0, maxPieces)]);
  for (const [id, piece] of vocabulary.pieces.entries()) {
    if (isCharacter(piece) && !vocabulary.controlIds.includes(id)) kept.add(id);
  }
  const ids = [...kept].sort((a, b) => a - b);
  const pruned: Vocabulary = {
    pieces: ids.map((id) => vocabulary.pieces[id]),
    scores: Float32Array.from(ids, (id) => vocabulary.scores[id]),
    unknownId: ids.indexOf(vocabulary.unknownId),
    controlIds: [],
  };
  const coverage = {
    pieces: pruned.pieces.length,
    piecesBefore: vocabulary.pieces.length,
    unknown: share(countIds(pruned, texts, limits), pruned.unknownId),
    unknownBefore: share(counts, vocabulary.unknownId),
  };
  return { vocabulary: pruned, coverage };
}

function countIds(vocabulary: Vocabulary, texts: readonly string[], limits: Limits): Float64Array {
  const tokenizer = createTokenizer(unigramSpec(vocabulary), limits, vocabularyTensors(vocabulary));
  const counts = new Float64Array(vocabulary.pieces.length);
  for (const text of texts) {
    const { count } = tokenizer.encode(text);
    for (let i = 0; i < count; i++) counts[tokenizer.ids[i]]++;
  }
  return counts;
}

function share(counts: Float64Array, id: number): number {
  const total = counts.reduce((a, b) => a + b, 0);
  return total === 0 ? 0 : counts[id] / total;
}
