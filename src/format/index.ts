/**
 * What a student is: its spec and its file. FORMAT.md describes the bytes.
 *
 * @module
 */
export { BusyError, InputError, RetortError, UnsupportedError } from './errors.ts';
export { decodeFloat16, encodeFloat16, INT4_GROUP_SIZE, packInt4, unpackInt4 } from './int4.ts';
export * from './layers.ts';
export { type Area, type PatchLayer, patchArea, patchPixels } from './patches.ts';
export { readPieces } from './pieces.ts';
export { type ParsedStudent, parseStudent } from './read.ts';
export { outputOf, readSpec, vocabSizeOf } from './read-spec.ts';
export { FORMAT_RULES, type FormatRule, StudentFormatError } from './rules.ts';
export * from './spec.ts';
export { layerName, scaleName, studentTensors } from './student-tensors.ts';
export { MAX_VOCAB_SIZE, TOKENIZER_FIELDS } from './tokenizers.ts';
export { encodeStudent, hex } from './write.ts';
