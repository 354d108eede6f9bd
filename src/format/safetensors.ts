/**
 * The container: safetensors (https://github.com/huggingface/safetensors, "Format"), narrowed. Everything is checked
 * against the bytes that are there before anything is allocated by a size that the file claims.
 */
import { InputError } from './errors.ts';
import { isObject, type JsonObject, parseCanonical, shown } from './json.ts';
import { StudentFormatError } from './rules.ts';
import type { DType } from './spec.ts';

/** Longest header. A student of 512 tensors needs about 60 KB; the cap bounds what the JSON parser is given. */
export const MAX_HEADER_BYTES = 262_144;
/** The data section starts at a multiple of this, so that typed arrays can view it in place. */
export const DATA_ALIGNMENT_BYTES = 64;
/** Every tensor starts at a multiple of this: the width of a SIMD128 register. */
export const TENSOR_ALIGNMENT_BYTES = 16;
/** Most tensors in a file. */
export const MAX_TENSORS = 512;
/** Largest dimension; with four of them products stay below 2^96, and are checked one by one. */
export const MAX_DIMENSION = 16_777_216;

/** The array type of each dtype; there is none of F16 everywhere yet, so its numbers are read as their bits. */
export const ARRAY_TYPES: Readonly<Record<DType, ArrayType>> = {
  I8: Int8Array,
  U8: Uint8Array,
  F16: Int16Array,
  F32: Float32Array,
};

type ArrayType = Int8ArrayConstructor | Uint8ArrayConstructor | Int16ArrayConstructor | Float32ArrayConstructor;

/** Names of the tensors that only fill gaps. */
export const PADDING_NAME: RegExp = /^_pad\.\d{1,4}$/;

const TENSOR_NAME = /^[\w.]{1,128}$/;

/** A tensor as the header describes it; offsets are from the start of the file. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** A header whose `__metadata__` can be read; its tensors are not checked yet, because their rules are a version's. */
export interface Header {
  readonly metadata: JsonObject;
  readonly entries: readonly (readonly [name: string, entry: unknown])[];
  /** Where the data section starts, in bytes from the start of the file. */
  readonly dataStart: number;
}

/** Reads the header of a file, up to what every version of the format shares. */
export function readHeader(bytes: Uint8Array): Header {
  const text = headerText(bytes);
  const dataStart = 8 + text.byteLength;
  const header = parseCanonical(text.json, 'headerJson', { byteOffset: 8 });
  if (!isObject(header)) throw new StudentFormatError('headerObject', shown(header), { byteOffset: 8 });
  const metadata = header.__metadata__;
  if (!isObject(metadata)) throw new StudentFormatError('metadataMissing', shown(metadata), { byteOffset: 8 });
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  return { metadata, entries, dataStart };
}

/** Reads and checks the layout of the tensors in a file of `fileBytes` bytes; does not look at a single value. */
export function readTensors({ entries, dataStart }: Header, fileBytes: number): readonly TensorEntry[] {
  if (entries.length > MAX_TENSORS) throw new StudentFormatError('tensorCount', String(entries.length));
  const tensors = entries.map(([name, entry]) => readEntry(name, entry, dataStart, fileBytes - dataStart));
  checkLayout(tensors, dataStart, fileBytes);
  return tensors;
}

function headerText(bytes: Uint8Array): { readonly json: string; readonly byteLength: number } {
  if (!(bytes instanceof Uint8Array)) throw new InputError(`bytes: expected a Uint8Array, got ${typeof bytes}`);
  if (bytes.byteLength < 8) throw new StudentFormatError('fileTooShort', `${bytes.byteLength} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const byteLength = view.getUint32(0, true);
  if (view.getUint32(4, true) !== 0 || byteLength > MAX_HEADER_BYTES) {
    throw new StudentFormatError('headerTooLarge', `${view.getBigUint64(0, true)} bytes`, { byteOffset: 0 });
  }
  if (8 + byteLength > bytes.byteLength) {
    throw new StudentFormatError('headerPastEnd', `${byteLength} bytes in a file of ${bytes.byteLength}`, {
      byteOffset: 0,
    });
  }
  if ((8 + byteLength) % DATA_ALIGNMENT_BYTES !== 0) {
    throw new StudentFormatError('headerAlignment', `byte ${8 + byteLength}`, { byteOffset: 0 });
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, 8 + byteLength));
    return { json: withoutPadding(text), byteLength };
  } catch (cause) {
    throw new StudentFormatError('headerUtf8', 'bytes that are not', { byteOffset: 8 }, { cause });
  }
}

function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x20) end--;
  return text.slice(0, end);
}

function isInteger(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

function readEntry(name: string, entry: unknown, dataStart: number, dataBytes: number): TensorEntry {
  const place = { tensor: name };
  if (!TENSOR_NAME.test(name)) throw new StudentFormatError('tensorName', shown(name));
  if (!isObject(entry) || Object.keys(entry).sort().join() !== 'data_offsets,dtype,shape') {
    throw new StudentFormatError('tensorEntry', shown(entry), place);
  }
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!Object.keys(ARRAY_TYPES).includes(dtype as DType))
    throw new StudentFormatError('tensorDtype', shown(dtype), place);
  if (
    !Array.isArray(shape) ||
    shape.length < 1 ||
    shape.length > 4 ||
    !shape.every((dimension) => isInteger(dimension, 1, MAX_DIMENSION))
  ) {
    throw new StudentFormatError('tensorShape', shown(shape), place);
  }
  if (
    !Array.isArray(offsets) ||
    offsets.length !== 2 ||
    !isInteger(offsets[0], 0, dataBytes) ||
    !isInteger(offsets[1], offsets[0], dataBytes)
  ) {
    throw new StudentFormatError('tensorOffsets', shown(offsets), place);
  }
  const [begin, end] = offsets as [number, number];
  const size = byteSize(shape, dtype as DType, end - begin);
  if (size !== end - begin) {
    throw new StudentFormatError('tensorSize', `${end - begin} bytes for ${dtype} ${shown(shape)}`, place);
  }
  return { name, dtype: dtype as DType, shape, begin: dataStart + begin, end: dataStart + end };
}

/** Bytes of a tensor, or -1 as soon as a partial product passes `limit`: no product is ever inexact. */
function byteSize(shape: readonly number[], dtype: DType, limit: number): number {
  let size = ARRAY_TYPES[dtype].BYTES_PER_ELEMENT;
  for (const dimension of shape) {
    size *= dimension;
    if (size > limit) return -1;
  }
  return size;
}

function checkLayout(tensors: readonly TensorEntry[], dataStart: number, fileBytes: number): void {
  let position = dataStart;
  for (const { name, dtype, begin, end } of [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const place = { tensor: name, byteOffset: begin };
    if (begin !== position) throw new StudentFormatError('tensorContiguity', `a start where ${position} is due`, place);
    if (PADDING_NAME.test(name)) {
      if (dtype !== 'U8' || end - begin >= TENSOR_ALIGNMENT_BYTES) {
        throw new StudentFormatError('paddingTensor', `${dtype} of ${end - begin} bytes`, place);
      }
    } else if (begin % TENSOR_ALIGNMENT_BYTES !== 0) {
      throw new StudentFormatError('tensorAlignment', `byte ${begin}`, place);
    }
    position = end;
  }
  if (position !== fileBytes) {
    throw new StudentFormatError('fileLength', `a file of ${fileBytes} bytes`, { byteOffset: position });
  }
}
