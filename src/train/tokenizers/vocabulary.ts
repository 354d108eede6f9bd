/** Vocabularies as training handles them: what a student file holds of a tokenizer, and the pieces in it. */
import type {
  HashedTokenizerSpec,
  Tensor,
  TokenizerSpec,
  UnigramTokenizerSpec,
  WordPieceTokenizerSpec,
} from '../../format/index.ts';

/** The spec of a tokenizer that has a vocabulary. */
export type VocabularySpec = Exclude<TokenizerSpec, HashedTokenizerSpec>;

/** A tokenizer as a student file holds it. `createTokenizer(spec, limits, tensors)` runs it. */
export interface Vocabulary<Spec extends VocabularySpec = VocabularySpec> {
  readonly spec: Spec;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Most bytes of a piece: its length is one byte in a student file. */
export const MAX_PIECE_BYTES = 255;

/**
 * A Unigram vocabulary.
 *
 * @param pieces all different; a piece's position is its id
 * @param scores log-probability of each piece
 * @param ids what is unknown, and which ids no text produces
 */
export function unigramVocabulary(
  pieces: readonly string[],
  scores: Float32Array,
  ids: Pick<UnigramTokenizerSpec, 'unknownId' | 'controlIds'>,
): Vocabulary<UnigramTokenizerSpec> {
  const tensors = pieceTensors(pieces.map((piece) => new TextEncoder().encode(piece)));
  tensors.set('tokenizer.scores', { dtype: 'F32', shape: [pieces.length], data: scores });
  return { spec: { kind: 'unigram', vocabSize: pieces.length, ...ids }, tensors };
}

/** A WordPiece vocabulary. @param pieces all different; a piece's position is its id */
export function wordPieceVocabulary(
  pieces: readonly string[],
  spec: Omit<WordPieceTokenizerSpec, 'kind' | 'vocabSize'>,
): Vocabulary<WordPieceTokenizerSpec> {
  const tensors = pieceTensors(pieces.map((piece) => new TextEncoder().encode(piece)));
  return { spec: { ...spec, kind: 'wordpiece', vocabSize: pieces.length }, tensors };
}

/** The pieces of a vocabulary of UTF-8, in the order of their ids. */
export function piecesOf(vocabulary: Vocabulary): readonly string[] {
  return pieceBytes(vocabulary).map((piece) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(piece));
}

/** The bytes of each piece. */
function pieceBytes({ tensors }: Vocabulary): readonly Uint8Array[] {
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
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  const lengths = Uint8Array.from(pieces, (piece) => piece.length);
  return new Map<string, Tensor>([
    ['tokenizer.pieces', { dtype: 'U8', shape: [bytes.length], data: bytes }],
    ['tokenizer.lengths', { dtype: 'U8', shape: [pieces.length], data: lengths }],
  ]);
}
