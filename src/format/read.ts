/**
 * Reads a student file: container, spec, then the tensors against the spec, then the values that would be dangerous to
 * compute with. Nothing is copied where the bytes are aligned; the time is linear in the size of the file.
 */
import { type JsonObject, shown } from './json.ts';
import type { LayerSpec } from './layers.ts';
import { isContinuation, readPieces } from './pieces.ts';
import { readProvenance, readSpec } from './read-spec.ts';
import { StudentFormatError } from './rules.ts';
import { ARRAY_TYPES, PADDING_NAME, readHeader, readTensors, type TensorEntry } from './safetensors.ts';
import {
  FORMAT_VERSION,
  type StudentFile,
  type StudentSpec,
  type Tensor,
  type VocabularySpec,
  versionOf,
} from './spec.ts';
import { layerName, scaleName, studentTensors, type TensorForm } from './student-tensors.ts';
import { MAX_VOCAB_SIZE } from './tokenizers.ts';

/** A student file that passed every rule. */
export interface ParsedStudent extends StudentFile {
  /** Whether its products are of F32 weights, and not of I8. */
  readonly isFloat: boolean;
  /** The pieces of its vocabulary, by id; undefined where there is none. */
  readonly pieces: readonly string[] | undefined;
  /** SHA-256 of the data section as the file states it, hex; parsing does not compute it. */
  readonly sha256: string;
  /** Offset of the data section, in bytes. */
  readonly dataStart: number;
  /** Length of the file, in bytes. */
  readonly byteLength: number;
}

/** What a student file says of itself, in order. */
const METADATA_KEYS = 'format,format_version,provenance,sha256,spec';

/**
 * Checks `bytes` against every rule of the format.
 *
 * @returns spec and tensors; the tensors view `bytes` where it is aligned, so it must not change afterwards
 * @throws StudentFormatError that names the rule, the tensor and the byte
 */
export function parseStudent(bytes: Uint8Array): ParsedStudent {
  const header = readHeader(bytes);
  const metadata = readMetadata(header.metadata);
  const layout = readTensors(header, bytes.byteLength);
  const spec = readSpec(metadata.spec);
  const entries = new Map(layout.map((entry) => [entry.name, entry]));
  const version = versionOf(spec, entries);
  if (metadata.version < version) {
    throw new StudentFormatError('formatVersion', `version ${metadata.version}, and ${version} is due`);
  }
  const provenance = readProvenance(metadata.provenance);
  const tensors = new Map<string, Tensor>();
  for (const entry of matchTensors(spec, entries)) tensors.set(entry.name, view(bytes, entry));
  const isFloat = checkPrecision(spec, tensors);
  for (const [name, entry] of entries) {
    if (PADDING_NAME.test(name)) checkPadding(bytes, entry);
    else if (!tensors.has(name)) throw new StudentFormatError('tensorUnexpected', name, { tensor: name });
  }
  for (const [name, tensor] of tensors) checkValues(spec, name, tensor);
  const pieces =
    'tokenizer' in spec && spec.tokenizer.kind !== 'hashed' ? checkVocabulary(spec.tokenizer, tensors) : undefined;
  return {
    spec,
    provenance,
    tensors,
    isFloat,
    pieces,
    sha256: metadata.sha256,
    dataStart: header.dataStart,
    byteLength: bytes.byteLength,
  };
}

interface Metadata {
  readonly version: number;
  readonly spec: string;
  readonly provenance: string;
  readonly sha256: string;
}

function readMetadata(metadata: JsonObject): Metadata {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') throw new StudentFormatError('metadataValue', `${key} = ${shown(value)}`);
  }
  const values = metadata as Readonly<Record<string, string>>;
  if (Object.hasOwn(values, 'format') && values.format !== 'retort-student') {
    throw new StudentFormatError('formatTag', shown(values.format));
  }
  const version = Object.hasOwn(values, 'format_version') ? values.format_version : '';
  if (!Object.hasOwn(values, 'format')) throw new StudentFormatError('formatTag', 'a safetensors file of another tool');
  if (!/^[1-9]\d{0,8}$/.test(version) || Number(version) > FORMAT_VERSION) {
    const hint = `version ${shown(version)}, and this reader knows up to ${FORMAT_VERSION}: update retort-edge`;
    throw new StudentFormatError('formatVersion', hint);
  }
  const keys = Object.keys(values).sort().join();
  if (keys !== METADATA_KEYS) throw new StudentFormatError('metadataKey', keys);
  if (!/^[0-9a-f]{64}$/.test(values.sha256)) throw new StudentFormatError('sha256', shown(values.sha256));
  return { version: Number(version), spec: values.spec, provenance: values.provenance, sha256: values.sha256 };
}

/** Finds every tensor that the spec needs, its scale included, and checks dtype and shape. */
function matchTensors(spec: StudentSpec, entries: ReadonlyMap<string, TensorEntry>): readonly TensorEntry[] {
  const matched: TensorEntry[] = [];
  const match = (name: string, forms: readonly TensorForm[]): void => {
    const entry = entries.get(name);
    if (entry === undefined) throw new StudentFormatError('tensorMissing', 'none', { tensor: name });
    const form = forms.find(({ dtype, shape }) => dtype === entry.dtype && isShape(entry.shape, shape));
    if (form === undefined) throw wrongType(entry, forms);
    matched.push(entry);
    if (form.scale !== undefined) match(scaleName(name), [form.scale]);
  };
  for (const [name, forms] of studentTensors(spec)) match(name, forms);
  return matched;
}

/**
 * Checks that there is one kind of product: a dense layer cannot read F32 weights in a student whose others are integers.
 *
 * @returns whether it is F32
 */
function checkPrecision(spec: StudentSpec, tensors: ReadonlyMap<string, Tensor>): boolean {
  const names = productWeights(spec.layers, 'layers');
  // An image may go to its logits without a product.
  const first = tensors.get(names[0])?.dtype;
  const isFloat = first === 'F32';
  for (const name of names) {
    const { dtype } = tensors.get(name)!;
    if ((dtype === 'F32') !== isFloat) {
      throw new StudentFormatError('tensorPrecision', `${dtype} after ${first} in ${names[0]}`, { tensor: name });
    }
  }
  return isFloat;
}

/** Names of the weights of embedding, position, dense and conv2d layers. */
function productWeights(layers: readonly LayerSpec[], prefix: string): readonly string[] {
  return layers.flatMap((layer, i) => {
    const name = layerName(prefix, i);
    if (layer.kind === 'residual') return productWeights(layer.layers, name);
    return ['embedding', 'position', 'dense', 'conv2d'].includes(layer.kind) ? [`${name}.weight`] : [];
  });
}

function wrongType({ name, dtype, shape, begin }: TensorEntry, forms: readonly TensorForm[]): StudentFormatError {
  const due = forms.map((form) => `${form.dtype} ${shown(form.shape ?? ['bytes'])}`).join(' or ');
  const got = `${dtype} ${shown(shape)} where ${due} is due`;
  return new StudentFormatError('tensorType', got, { tensor: name, byteOffset: begin });
}

/** @param due null where the length of a vector is known only from another tensor */
function isShape(shape: readonly number[], due: readonly number[] | null): boolean {
  return due === null ? shape.length === 1 : String(shape) === String(due);
}

function view(bytes: Uint8Array, { name: _, dtype, shape, begin, end }: TensorEntry): Tensor {
  const Values = ARRAY_TYPES[dtype];
  const size = Values.BYTES_PER_ELEMENT;
  const part = bytes.subarray(begin, end);
  const { buffer, byteOffset, length } = part.byteOffset % size === 0 ? part : new Uint8Array(part);
  return { dtype, shape, data: new Values(buffer as ArrayBuffer, byteOffset, length / size) };
}

function checkPadding(bytes: Uint8Array, { name, begin, end }: TensorEntry): void {
  const at = bytes.subarray(begin, end).findIndex((byte) => byte !== 0);
  if (at >= 0)
    throw new StudentFormatError('paddingTensor', `byte ${bytes[begin + at]}`, {
      tensor: name,
      byteOffset: begin + at,
    });
}

function checkValues(spec: StudentSpec, name: string, { dtype, data }: Tensor): void {
  if (dtype === 'I8' || dtype === 'U8') return;
  const isHalf = dtype === 'F16';
  const bits = isHalf ? data : new Int32Array(data.buffer, data.byteOffset, data.length);
  const { length } = bits;
  // As integers, the bits of the finite numbers above 0 are those from 1 to this: one comparison for most values.
  const largest = isHalf ? 0x7bff : 0x7f7fffff;
  const isScale = name.endsWith('.scale');
  const isPooling = spec.layers.some(
    ({ kind }, i) => kind === 'weightedMean' && name === `${layerName('layers', i)}.weight`,
  );
  for (let i = 0; i < length; i++) {
    if ((bits[i] - 1) >>> 0 < largest) continue;
    const isNumber = (bits[i] & (isHalf ? 0x7fff : 0x7fffffff)) <= largest;
    if (isNumber && !isScale && !(isPooling && data[i] < 0)) continue;
    const got = `${isHalf ? 'bits ' : ''}${data[i]} in element ${i}`;
    throw new StudentFormatError(isNumber ? 'valueSign' : 'valueFinite', got, { tensor: name });
  }
}

/**
 * Checks that the pieces are cut as `tokenizer.lengths` says, that no piece stands twice, and that merges have parts.
 *
 * @returns the pieces
 */
function checkVocabulary({ kind }: VocabularySpec, tensors: ReadonlyMap<string, Tensor>): readonly string[] {
  const isUtf8 = kind !== 'bpe';
  const bytes = tensors.get('tokenizer.pieces')!.data;
  let end = 0;
  for (const [id, length] of tensors.get('tokenizer.lengths')!.data.entries()) {
    if (length === 0 || (isUtf8 && isContinuation(bytes[end]))) {
      throw badVocabulary(`piece ${id} of ${length} bytes at byte ${end}`);
    }
    end += length;
  }
  if (end !== bytes.length) throw badVocabulary(`pieces of ${end} bytes in ${bytes.length}`);
  const pieces = decodePieces(tensors, isUtf8);
  const seen = new Set<string>();
  for (const [id, piece] of pieces.entries()) {
    if (seen.has(piece)) throw badVocabulary(`${shown(piece)} again as piece ${id}`);
    seen.add(piece);
  }
  if (isUtf8) return pieces;
  const ranks = tensors.get('tokenizer.ranks')?.data ?? [];
  for (const [id, rank] of ranks.entries()) {
    if (!(Number.isInteger(rank) && rank >= 0 && rank < MAX_VOCAB_SIZE))
      throw badVocabulary(`rank ${rank} of piece ${id}`);
  }
  const splits = tensors.get('tokenizer.splits')!.data;
  for (const [id, piece] of pieces.entries()) {
    const split = splits[id];
    if (split > 0 && !(seen.has(piece.slice(0, split)) && seen.has(piece.slice(split)))) {
      throw badVocabulary(`piece ${id} split at ${split} into what is no piece`);
    }
  }
  return pieces;
}

function decodePieces(tensors: ReadonlyMap<string, Tensor>, isUtf8: boolean): readonly string[] {
  try {
    return readPieces(tensors, isUtf8);
  } catch (cause) {
    throw badVocabulary('bytes that are not UTF-8', { cause });
  }
}

function badVocabulary(got: string, options?: ErrorOptions): StudentFormatError {
  return new StudentFormatError('vocabulary', got, { tensor: 'tokenizer.pieces' }, options);
}
