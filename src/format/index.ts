/**
 * What a student is: its spec and its file. FORMAT.md describes the bytes.
 *
 * @module
 */
export { InputError, RetortError, UnsupportedError } from './errors.ts';
export * from './layers.ts';
export { type ParsedStudent, parseStudent } from './read.ts';
export { vocabSizeOf } from './read-spec.ts';
export { FORMAT_RULES, type FormatErrorPlace, type FormatRule, StudentFormatError } from './rules.ts';
export * from './spec.ts';
export { dtypesOf, layerName, scaleName, studentTensors, type TensorNeed } from './student-tensors.ts';
export { encodeStudent, hex } from './write.ts';
