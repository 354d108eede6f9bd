/** Vocabularies as training handles them: what a student file holds of a tokenizer, and the pieces in it. */
import type {
  BpeTokenizerSpec,
  Tensor,
  UnigramTokenizerSpec,
  VocabularySpec,
  WordPieceTokenizerSpec,
} from '../../format/index.ts';
import { unsupported } from './unsupported.ts';

/** A tokenizer as a student file holds it. `createTokenizer(spec, limits, tensors)` runs it. */
export interface Vocabulary<Spec extends VocabularySpec = VocabularySpec> {
  readonly spec: Spec;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Its length is one byte in a student file. */
const MAX_PIECE_BYTES = 255;

/**
 * A Unigram vocabulary.
 *
 * @param pieces all different; a piece's position is its id
 * @param scores log-probability of each piece
 * @param ids what is unknown, which ids no text produces, and which stand around every text
 */
export function unigramVocabulary(
  pieces: readonly string[],
  scores: Float32Array,
  ids: Omit<UnigramTokenizerSpec, 'kind' | 'vocabSize'>,
): Vocabulary<UnigramTokenizerSpec> {
  const tensors = pieceTensors(pieces.map((piece) => new TextEncoder().encode(piece)));
  tensors.set('tokenizer.scores', { dtype: 'F32', shape: [pieces.length], data: scores });
  return { spec: { ...ids, kind: 'unigram', vocabSize: pieces.length }, tensors };
}

/** A WordPiece vocabulary. @param pieces all different; a piece's position is its id */
export function wordPieceVocabulary(
  pieces: readonly string[],
  spec: Omit<WordPieceTokenizerSpec, 'kind' | 'vocabSize'>,
): Vocabulary<WordPieceTokenizerSpec> {
  const tensors = pieceTensors(pieces.map((piece) => new TextEncoder().encode(piece)));
  return { spec: { ...spec, kind: 'wordpiece', vocabSize: pieces.length }, tensors };
}

/**
 * A byte-level BPE vocabulary.
 *
 * @param pieces all different; a piece's position is its id
 * @param splits bytes of the left part of the merge that makes each piece; 0 for none
 * @param ranks when each merge comes; in the order of the ids where it is left out
 */
export function bpeVocabulary(
  pieces: readonly Uint8Array[],
  splits: Uint8Array,
  spec: Omit<BpeTokenizerSpec, 'kind' | 'vocabSize' | 'order'>,
  ranks?: Float32Array,
): Vocabulary<BpeTokenizerSpec> {
  const tensors = pieceTensors(pieces);
  const shape = [pieces.length];
  tensors.set('tokenizer.splits', { dtype: 'U8', shape, data: splits });
  if (ranks !== undefined) tensors.set('tokenizer.ranks', { dtype: 'F32', shape, data: ranks });
  const order = ranks === undefined ? 'ids' : 'ranks';
  return { spec: { ...spec, kind: 'bpe', vocabSize: pieces.length, order }, tensors };
}

/** The pieces of a vocabulary of UTF-8, in the order of their ids. */
export function piecesOf(vocabulary: Vocabulary): readonly string[] {
  return pieceBytes(vocabulary).map((piece) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(piece));
}

/** The bytes of each piece. */
export function pieceBytes({ tensors }: Vocabulary): readonly Uint8Array[] {
  const bytes = tensors.get('tokenizer.pieces')!.data as Uint8Array;
  let end = 0;
  return Array.from(tensors.get('tokenizer.lengths')!.data, (length) => {
    end += length;
    return bytes.subarray(end - length, end);
  });
}

function pieceTensors(pieces: readonly Uint8Array[]): Map<string, Tensor> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const [id, piece] of pieces.entries()) {
    if (piece.length < 1 || piece.length > MAX_PIECE_BYTES) {
      throw unsupported('vocabulary', `piece ${id} of ${piece.length}`, `pieces of 1 to ${MAX_PIECE_BYTES} bytes`);
    }
    bytes.set(piece, at);
    at += piece.length;
  }
  const lengths = Uint8Array.from(pieces, (piece) => piece.length);
  return new Map<string, Tensor>([
    ['tokenizer.pieces', { dtype: 'U8', shape: [bytes.length], data: bytes }],
    ['tokenizer.lengths', { dtype: 'U8', shape: [pieces.length], data: lengths }],
  ]);
}
