/**
 * The rules of the student file, a phrase each; FORMAT.md says them in full. A file that breaks a rule is refused with a
 * {@link StudentFormatError} that names the rule, so every rule can be tested, and met by other writers, on its own.
 */
import { RetortError } from './errors.ts';

/** What each rule asks for, in few words: every runtime ships them. */
export const FORMAT_RULES = {
  fileTooShort: '8 bytes or more',
  headerTooLarge: 'at most 262,144 bytes',
  headerPastEnd: 'an end inside the file',
  headerAlignment: 'an end at a multiple of 64 bytes',
  headerUtf8: 'UTF-8',
  headerJson: 'JSON, spaces at its end only',
  headerObject: 'an object',
  headerCanonical: 'what JSON.stringify writes, at most 16 deep',
  metadataMissing: 'an object `__metadata__`',
  metadataValue: 'strings',
  formatTag: 'retort-student',
  formatVersion: 'one that this reader knows and that has what is used',
  metadataKey: 'format, format_version, provenance, sha256, spec',
  sha256: '64 lower-case hexadecimal digits',
  tensorCount: 'at most 512',
  tensorName: '1 to 128 of a-z, A-Z, 0-9, dot, underscore',
  tensorEntry: 'data_offsets, dtype, shape',
  tensorDtype: 'I8, U8, F16 or F32',
  tensorShape: '1 to 4 integers from 1 to 16,777,216',
  tensorOffsets: 'begin at most end, inside the data',
  tensorSize: 'as many bytes as shape and dtype say',
  tensorContiguity: 'no hole and no overlap, from the first byte of the data on',
  tensorAlignment: 'a multiple of 16 bytes',
  paddingTensor: 'U8, shorter than 16 bytes, all zero',
  fileLength: 'nothing behind the last tensor',
  specJson: 'an object',
  specKey: 'a field that the format knows',
  specField: 'the type and the range of the field',
  labels: 'different ones, not empty, enough for the task',
  tokenizer: 'fields that agree',
  layerKind: 'one that the format knows',
  layerCount: '1 to 256, no empty chain, at most 4 deep',
  layerFlow: 'what the layer before writes; one layer joins a pair',
  layerWidth: 'sizes that fit what is read, heads of 4 n channels',
  layerOutput: 'what the task reads',
  arenaSize: 'activations, scores and patches within 64 MiB',
  tensorMissing: 'every tensor that the spec needs',
  tensorType: 'the dtype and the shape that the spec needs',
  tensorPrecision: 'no F32 product beside others',
  tensorUnexpected: 'no tensor that the spec does not need',
  valueFinite: 'finite numbers',
  valueSign: 'positive scales, no negative pooling weights',
  vocabulary: 'different pieces, spelled and split as the tokenizer asks, as long as their lengths say',
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
    super('invalid_student', `student file${where}: ${rule}: expected ${FORMAT_RULES[rule]}; got ${got}`, options);
    this.rule = rule;
    this.tensor = place.tensor;
    this.byteOffset = place.byteOffset;
  }
}
