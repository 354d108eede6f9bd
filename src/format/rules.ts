/**
 * The rules of the student file, one sentence each; FORMAT.md repeats them. A file that breaks a rule is refused with a
 * {@link StudentFormatError} that names the rule, so every rule can be tested, and met by other writers, on its own.
 */
import { RetortError } from './errors.ts';

/** What each rule asks for. */
export const FORMAT_RULES = {
  fileTooShort: 'the file holds at least the 8 bytes of the header length',
  headerTooLarge: 'the header is at most 262,144 bytes',
  headerPastEnd: 'the header ends inside the file',
  headerAlignment: 'the data section starts at a multiple of 64 bytes',
  headerUtf8: 'the header is valid UTF-8',
  headerJson: 'the header is JSON, padded with spaces at the end only',
  headerObject: 'the header is an object',
  headerCanonical: 'JSON text is as JSON.stringify writes it, at most 16 deep, without lone surrogates',
  metadataMissing: 'the header has an object `__metadata__`',
  metadataValue: 'every value of `__metadata__` is a string',
  formatTag: '`format` is retort-student',
  formatVersion: '`format_version` is a positive integer that this reader knows, and has what the spec uses',
  metadataKey: 'the keys of `__metadata__` are format, format_version, provenance, sha256 and spec',
  sha256: '`sha256` is 64 lower-case hexadecimal digits',
  tensorCount: 'there are at most 512 tensors',
  tensorName: 'a tensor name is 1 to 128 characters of a-z, A-Z, 0-9, dot and underscore',
  tensorEntry: 'a tensor entry has dtype, shape and data_offsets, and nothing else',
  tensorDtype: 'a dtype is I8, U8 or F32',
  tensorShape: 'a shape has 1 to 4 dimensions, each an integer from 1 to 16,777,216',
  tensorOffsets: 'data_offsets are two integers, begin at most end, inside the data section',
  tensorSize: 'a tensor is exactly as long as its shape and dtype say',
  tensorContiguity: 'tensors follow one another without hole or overlap, from the first byte of the data section',
  tensorAlignment: 'a tensor starts at a multiple of 16 bytes',
  paddingTensor: 'a tensor `_pad.N` is U8, shorter than 16 bytes, and all zero',
  fileLength: 'the last tensor ends where the file ends',
  specJson: 'spec and provenance are JSON objects',
  specKey: 'a field of the spec is one that the format knows',
  specField: 'a field of the spec has the type and the range that the format asks for',
  labels: 'labels are different, not empty, and as many as the task needs',
  tokenizer: 'the fields of the tokenizer agree with one another',
  layerKind: 'a layer kind is one that the format knows',
  layerCount: 'there are 1 to 256 layers in chains that are not empty, nested at most 4 deep',
  layerFlow: 'a layer reads what the layer before it writes, and one joins the texts of a pair, if any',
  layerWidth:
    'a layer is as wide as what it reads, its rows as many as there are ids or tokens, its heads all as wide, its patches in the image',
  layerOutput: 'the last layer writes what the task reads',
  arenaSize: 'activations of the longest input, scores of attention and patches included, fit into 64 MiB',
  tensorMissing: 'every tensor that the spec needs is there',
  tensorType: 'a tensor has the dtype and the shape that the spec needs',
  tensorPrecision: 'the weights of embedding, position, dense and conv2d layers are all I8 or all F32',
  tensorUnexpected: 'no tensor is there that the spec does not need',
  valueFinite: 'every F32 value is finite',
  valueSign: 'scales are positive, and pooling weights are not negative',
  vocabulary: 'pieces are different, spelled as the tokenizer asks, as long as their lengths say, and made of pieces',
} as const;

/** Name of a rule of the student file. */
export type FormatRule = keyof typeof FORMAT_RULES;

/** Where in a file a rule was broken. */
export interface FormatErrorPlace {
  readonly tensor?: string;
  /** Offset from the start of the file, in bytes. */
  readonly byteOffset?: number;
}

/** A student file breaks a rule of the format; nothing of it was used. */
export class StudentFormatError extends RetortError {
  readonly rule: FormatRule;
  readonly tensor: string | undefined;
  readonly byteOffset: number | undefined;

  constructor(rule: FormatRule, got: string, place: FormatErrorPlace = {}, options?: ErrorOptions) {
    const where = [
      place.tensor === undefined ? '' : ` tensor ${place.tensor}`,
      place.byteOffset === undefined ? '' : ` at byte ${place.byteOffset}`,
    ].join('');
    super('invalid_student', `student file${where}: expected that ${FORMAT_RULES[rule]}; got ${got}`, options);
    this.rule = rule;
    this.tensor = place.tensor;
    this.byteOffset = place.byteOffset;
  }
}
