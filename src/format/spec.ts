/**
 * The spec of a student: everything about it that is not a number in a tensor. It is stored as JSON under the key
 * `spec` of the safetensors `__metadata__`; FORMAT.md is the byte-level description.
 */
import type { LayerKind, LayerSpec } from './layers.ts';

/** The newest version of the format that this code reads; it writes the oldest that can hold a student. */
export const FORMAT_VERSION = 4;

/** Layer kinds that came with version 3. */
const VERSION_3_KINDS: readonly LayerKind[] = ['position', 'attentionPool', 'attention'];

/** A preset over layers; it names what a student was built from and decides nothing at run time. */
export type Family = 'static' | 'conv' | 'transformer' | 'image';

/** Classification: one label a text (softmax), or any number of them (a sigmoid each). */
export interface ClassifyTask {
  readonly kind: 'classify';
  /** At least two (single label) or one (multi label), unique, not empty; logit `i` belongs to `labels[i]`. */
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
}

/** Tagging (token classification): one label a word, read from the word's first token (softmax). */
export interface TagTask {
  readonly kind: 'tag';
  /** At least two, unique, not empty; logit `i` of a token belongs to `labels[i]`. */
  readonly labels: readonly string[];
}

/** Embedding: a text as a vector of length 1, as wide as what the last layer writes. */
export interface EmbedTask {
  readonly kind: 'embed';
}

/** What a student is asked to do. */
export type TaskSpec = ClassifyTask | TagTask | EmbedTask;

/** Its name. */
export type TaskKind = TaskSpec['kind'];

/** The labels of a task, in the order of its logits; none to embed. */
export function taskLabels(task: TaskSpec): readonly string[] {
  return task.kind === 'embed' ? [] : task.labels;
}

/**
 * Hashed n-grams of words and characters: no vocabulary is shipped. The ids of a text are a bag: their order means
 * nothing, so a student that reads them has to pool them by `weightedMean` right after the embedding.
 */
export interface HashedTokenizerSpec {
  readonly kind: 'hashed';
  /** Number of ids; the `vocabSize` of the embedding. */
  readonly buckets: number;
  /** Word n-grams of 1 to this many words; 0 for none. */
  readonly wordNgrams: number;
  /** Shortest and longest character n-gram inside a word, with a boundary mark on both sides; null for none. */
  readonly charNgrams: readonly [min: number, max: number] | null;
}

/** Ids that stand before and behind those of every text, and count as tokens of it. */
export interface SpecialTokens {
  readonly prefixIds: readonly number[];
  readonly suffixIds: readonly number[];
}

/**
 * SentencePiece Unigram (Kudo 2018, arXiv:1804.10959): the most probable segmentation into known pieces. The pieces
 * are three tensors: `tokenizer.pieces` U8 (their UTF-8, one after the other), `tokenizer.lengths` U8 `[vocabSize]`
 * (bytes of each, 1 to 255), `tokenizer.scores` F32 `[vocabSize]` (log-probabilities).
 */
export interface UnigramTokenizerSpec extends Partial<SpecialTokens> {
  readonly kind: 'unigram';
  readonly vocabSize: number;
  /** The id of what no piece covers. */
  readonly unknownId: number;
  /** Ids that a text never produces (controls such as `<s>`), because their spelling is no text. */
  readonly controlIds: readonly number[];
}

/**
 * WordPiece as BERT uses it (arXiv:1810.04805). The pieces are two tensors, `tokenizer.pieces` and `tokenizer.lengths`,
 * as for Unigram; those inside a word are spelled with `##` in front.
 */
export interface WordPieceTokenizerSpec extends SpecialTokens {
  readonly kind: 'wordpiece';
  readonly vocabSize: number;
  /** The id of a word that pieces do not cover. */
  readonly unknownId: number;
  /** Removes controls, and reads every white space as a space. */
  readonly cleanText: boolean;
  /** Makes every ideograph a word of its own. */
  readonly spaceIdeographs: boolean;
  /** Decomposes (NFD) and removes nonspacing marks. */
  readonly stripAccents: boolean;
  readonly lowercase: boolean;
  /** A longer word is unknown as a whole. */
  readonly maxCharactersPerWord: number;
}

/**
 * Byte-level BPE (Sennrich et al. 2016, arXiv:1508.07909; over bytes as in GPT-2). The pieces are byte strings, in
 * `tokenizer.pieces` and `tokenizer.lengths`; `tokenizer.splits` U8 `[vocabSize]` says how many bytes of a piece are the
 * left part of the merge that makes it, 0 for none.
 */
export interface BpeTokenizerSpec extends SpecialTokens {
  readonly kind: 'bpe';
  readonly vocabSize: number;
  /** The id of a byte that is no piece. */
  readonly unknownId: number;
  /** Puts a space before a text that begins with none, unless it is empty. */
  readonly addPrefixSpace: boolean;
  /** Normalizes to NFC. */
  readonly nfc: boolean;
  /** The order of merges: that of the ids they make, or of `tokenizer.ranks`, F32 `[vocabSize]`. */
  readonly order: 'ids' | 'ranks';
}

/** The spec of a tokenizer with a vocabulary of its own. */
export type VocabularySpec = UnigramTokenizerSpec | WordPieceTokenizerSpec | BpeTokenizerSpec;

/** How a text becomes token ids. */
export type TokenizerSpec = HashedTokenizerSpec | VocabularySpec;

/**
 * The oldest version of the format that can hold a student.
 *
 * @param tensors those that it has, or what a header says of them
 */
export function versionOf(spec: StudentSpec, tensors: ReadonlyMap<string, Pick<Tensor, 'dtype'>>): number {
  const { family, task, layers } = spec;
  // Only the first layer is an embedding, whose table may be in int4.
  const isInt4 = tensors.get('layers.0.weight')?.dtype === 'U8';
  // Image layers read nothing but an image, and pair features nothing but a pair.
  if (task.kind !== 'classify' || family === 'image' || 'input' in spec || isInt4) return FORMAT_VERSION;
  if (family === 'transformer' || hasLayerOf(layers, VERSION_3_KINDS)) return 3;
  const { tokenizer } = spec;
  const isOld =
    tokenizer.kind === 'hashed' ||
    (tokenizer.kind === 'unigram' && !('prefixIds' in tokenizer) && !('suffixIds' in tokenizer));
  return isOld ? 1 : 2;
}

function hasLayerOf(layers: readonly LayerSpec[], kinds: readonly LayerKind[]): boolean {
  return layers.some(
    (layer) => kinds.includes(layer.kind) || (layer.kind === 'residual' && hasLayerOf(layer.layers, kinds)),
  );
}

/** Two texts, which are read one after the other. */
export interface PairInput {
  readonly kind: 'pair';
}

/** An image of one byte a channel and pixel, `[height, width, channels]`; a byte `b` is read as `b / 255`. */
export interface ImageInput {
  readonly kind: 'image';
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

interface AnyStudentSpec {
  readonly name: string;
  readonly family: Family;
  readonly task: TaskSpec;
  /**
   * From tokens, or from an image, to what the task reads: a vector of one logit a label, one of them a token (tag), or
   * any vector (embed).
   */
  readonly layers: readonly LayerSpec[];
}

/** A student that reads a text, or a pair of them. */
export interface TextStudentSpec extends AnyStudentSpec {
  /** Absent where it reads one text. */
  readonly input?: PairInput;
  readonly tokenizer: TokenizerSpec;
  /** Longest text that is read, in UTF-16 code units; what lies behind is cut, and reported as truncated. */
  readonly maxCharacters: number;
  /** Most tokens that are read; what lies behind is cut, and reported as truncated. */
  readonly maxTokens: number;
}

/** A student that reads an image. */
export interface ImageStudentSpec extends AnyStudentSpec {
  readonly input: ImageInput;
}

/** Everything about a student that is not a tensor. */
export type StudentSpec = TextStudentSpec | ImageStudentSpec;

/** Where a student comes from and what was measured; never needed to run it. */
export interface Provenance {
  /** The teacher, and its score on the same test set. */
  readonly teacher?: { readonly name: string; readonly id: string; readonly accuracy?: number };
  /** SHA-256 of the resolved config, hex. */
  readonly configHash?: string;
  /** Measured on the test set through `src/runtime`; names as in `metrics.json`. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** Element type of a tensor, in safetensors' spelling. */
export type DType = 'I8' | 'U8' | 'F16' | 'F32';

/** Numbers of a tensor, in the array type of its {@link DType}; those of F16 are its bits. */
export type TensorData = Int8Array | Uint8Array | Int16Array | Float32Array;

/** A named block of numbers, row-major. */
export interface Tensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** A student as it is read from or written to a file. */
export interface StudentFile<Spec extends StudentSpec = StudentSpec> {
  readonly spec: Spec;
  readonly provenance: Provenance;
  readonly tensors: ReadonlyMap<string, Tensor>;
}
