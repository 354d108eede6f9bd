/** Prunes a vocabulary to what a transfer set uses, so that a student carries no piece that it never saw. */
import { createTokenizer, type Limits } from '../../runtime/index.ts';
import { isBpe, keepMerges } from './prune-merges.ts';
import { piecesOf, unigramVocabulary, type Vocabulary, wordPieceVocabulary } from './vocabulary.ts';

/** What pruning kept, and what it cost. */
export interface Coverage {
  readonly pieces: number;
  readonly piecesBefore: number;
  /** Share of the tokens of the texts that are unknown, with the pruned and with the whole vocabulary. */
  readonly unknown: number;
  readonly unknownBefore: number;
}

/** A pruned vocabulary; ids are given anew, in the old order. */
export interface PrunedVocabulary {
  readonly vocabulary: Vocabulary;
  readonly coverage: Coverage;
}

/**
 * Keeps the pieces that `texts` use, the most frequent first, and what is needed to spell every character of them. Where
 * nothing frequent had to go, the texts are cut as before. Special tokens are left out: a student needs none.
 *
 * @param texts read several times over
 * @param limits how much of a text the student reads
 * @param maxPieces most pieces that are kept for being frequent; single characters come on top
 */
export function pruneVocabulary(
  vocabulary: Vocabulary,
  texts: Iterable<string>,
  limits: Limits,
  maxPieces: number,
): PrunedVocabulary {
  const plain = withoutSpecialTokens(vocabulary);
  const counts = countIds(plain, texts, limits);
  const { unknownId } = plain.spec;
  const used = [...counts.keys()].filter((id) => counts[id] > 0 && id !== unknownId);
  used.sort((a, b) => counts[b] - counts[a] || a - b);
  const pruned = isBpe(plain)
    ? keepMerges(plain, used, texts, maxPieces)
    : keepIds(plain, new Set([unknownId, ...used.slice(0, maxPieces), ...characterIds(plain, texts)]));
  const coverage = {
    pieces: pruned.spec.vocabSize,
    piecesBefore: vocabulary.spec.vocabSize,
    unknown: share(countIds(pruned, texts, limits), pruned.spec.unknownId),
    unknownBefore: share(counts, unknownId),
  };
  return { vocabulary: pruned, coverage };
}

function withoutSpecialTokens(vocabulary: Vocabulary): Vocabulary {
  if (vocabulary.spec.kind === 'unigram') {
    const { prefixIds: _, suffixIds: __, ...spec } = vocabulary.spec;
    return { ...vocabulary, spec };
  }
  return { ...vocabulary, spec: { ...vocabulary.spec, prefixIds: [], suffixIds: [] } };
}

/** Ids of the pieces that spell single characters of `texts`. */
function characterIds(vocabulary: Vocabulary, texts: Iterable<string>): number[] {
  const { spec } = vocabulary;
  const silent = spec.kind === 'unigram' ? spec.controlIds : [];
  const normalize = spec.kind === 'unigram' ? unigramSpellings : wordPieceSpellings;
  const characters = new Set<string>();
  for (const text of texts) for (const spelling of normalize(text)) for (const one of spelling) characters.add(one);
  const isCharacter = (piece: string): boolean =>
    characters.has(spec.kind === 'unigram' ? piece : piece.replace(/^##(?=.)/, ''));
  return piecesOf(vocabulary).flatMap((piece, id) => (isCharacter(piece) && !silent.includes(id) ? [id] : []));
}

function unigramSpellings(text: string): readonly string[] {
  return ['\u2581', text.normalize('NFKC')];
}

/** With and without what the options of WordPiece might take off. */
function wordPieceSpellings(text: string): readonly string[] {
  return [text, text.toLowerCase(), text.toLowerCase().normalize('NFD')];
}

/** The vocabulary of some of the pieces, in the old order. */
function keepIds(vocabulary: Vocabulary, kept: ReadonlySet<number>): Vocabulary {
  const ids = [...kept].sort((a, b) => a - b);
  const all = piecesOf(vocabulary);
  const pieces = ids.map((id) => all[id]);
  const unknownId = ids.indexOf(vocabulary.spec.unknownId);
  const { spec } = vocabulary;
  if (spec.kind === 'wordpiece') return wordPieceVocabulary(pieces, { ...spec, unknownId });
  const scores = vocabulary.tensors.get('tokenizer.scores')!.data;
  return unigramVocabulary(
    pieces,
    Float32Array.from(ids, (id) => scores[id]),
    { unknownId, controlIds: [] },
  );
}

function countIds(vocabulary: Vocabulary, texts: Iterable<string>, limits: Limits): Float64Array {
  const tokenizer = createTokenizer(vocabulary.spec, limits, vocabulary.tensors);
  const counts = new Float64Array(vocabulary.spec.vocabSize);
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
