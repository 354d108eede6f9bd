/**
 * Weights of a checkpoint: safetensors (https://github.com/huggingface/safetensors, "Format") as Hugging Face writes it,
 * in F32, F16 or BF16. Tensors are read one by one, so that a file never lies in memory twice.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { writeFileAtomic } from '../../atomic-file.ts';
import { fileFault } from '../../file-fault.ts';
import { invalidModel } from './invalid-model.ts';

/** Longest header; the format's own limit. */
const MAX_HEADER_BYTES = 100_000_000;

/** From the bytes of a dtype to numbers. */
const CONVERSIONS: ReadonlyMap<string, { readonly bytes: number; floats(bytes: Uint8Array): Float32Array }> = new Map([
  ['F32', { bytes: 4, floats: ({ buffer }) => new Float32Array(buffer) }],
  ['F16', { bytes: 2, floats: ({ buffer }) => Float32Array.from(new Uint16Array(buffer), halfToFloat) }],
  ['BF16', { bytes: 2, floats: ({ buffer }) => brainToFloat(new Uint16Array(buffer)) }],
]);

/** A tensor as the header describes it. */
interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** From the start of the file. */
  readonly begin: number;
  readonly end: number;
}

/** An open file of weights. */
export class WeightFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(path: string, file: FileHandle, entries: ReadonlyMap<string, Entry>) {
    this.path = path;
    this.#file = file;
    this.#entries = entries;
  }

  /** @throws InputError with code `invalid_model` where there is no such file, or it is no safetensors file */
  static async open(path: string): Promise<WeightFile> {
    const file = await open(path).catch((cause) => {
      throw invalidModel(path, `expected a safetensors file, got ${fileFault(cause)}; put the weights there`, cause);
    });
    try {
      return new WeightFile(path, file, await readEntries(path, file));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * Looks whether the file has a tensor of `shape`, without reading it.
   *
   * @throws InputError with code `invalid_model` that names the tensor
   */
  check(name: string, shape: readonly number[]): Entry {
    const entry = this.#entries.get(name);
    const place = `${this.path}: tensor ${name}`;
    const wanted = `[${shape.join(', ')}]`;
    if (entry === undefined)
      throw invalidModel(place, `expected ${wanted}, got no such tensor; use another checkpoint`);
    const conversion = CONVERSIONS.get(entry.dtype);
    if (conversion === undefined) {
      throw invalidModel(place, `expected ${[...CONVERSIONS.keys()].join(', ')}, got ${entry.dtype}; convert it`);
    }
    const got = `[${entry.shape.join(', ')}]`;
    if (got !== wanted) throw invalidModel(place, `expected ${wanted} as config.json says, got ${got}; mend either`);
    const size = shape.reduce((product, length) => product * length, conversion.bytes);
    const bytes = entry.end - entry.begin;
    if (size !== bytes) throw invalidModel(place, `expected ${size} bytes for ${wanted}, got ${bytes}; load it again`);
    return entry;
  }

  /**
   * Reads a tensor of `shape`.
   *
   * @throws InputError with code `invalid_model` that names the tensor
   */
  async read(name: string, shape: readonly number[]): Promise<Float32Array> {
    const { dtype, begin, end } = this.check(name, shape);
    return CONVERSIONS.get(dtype)!.floats(await readBytes(this.path, this.#file, begin, end - begin));
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function readEntries(path: string, file: FileHandle): Promise<ReadonlyMap<string, Entry>> {
  const { size } = await file.stat();
  const length =
    size < 8 ? size : Number(new DataView((await readBytes(path, file, 0, 8)).buffer).getBigUint64(0, true));
  if (size < 8 || length > MAX_HEADER_BYTES || 8 + length > size) {
    throw invalidModel(
      path,
      `expected a safetensors file, got ${size} bytes with a header of ${length}; load it again`,
    );
  }
  const header = parseHeader(path, await readBytes(path, file, 8, length));
  const entries = new Map<string, Entry>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>;
    if (typeof dtype !== 'string' || !isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
      throw invalidModel(`${path}: tensor ${name}`, `expected dtype, shape and offsets, got ${JSON.stringify(entry)}`);
    }
    const [begin, end] = offsets.map((offset) => 8 + length + offset);
    if (begin > end || end > size) {
      throw invalidModel(`${path}: tensor ${name}`, `expected data in a file of ${size} bytes, got it up to ${end}`);
    }
    entries.set(name, { dtype, shape, begin, end });
  }
  return entries;
}

function parseHeader(path: string, bytes: Uint8Array): object {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null) return header;
  } catch {
    // Falls through: whatever it is, it is no header.
  }
  throw invalidModel(path, 'expected a safetensors file, got a header that is no JSON object; load it again');
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

async function readBytes(path: string, file: FileHandle, begin: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(bytes, at, length - at, begin + at);
    if (bytesRead === 0) throw invalidModel(path, `expected ${length} bytes at ${begin}, got ${at}; load it again`);
    at += bytesRead;
  }
  return bytes;
}

/** IEEE 754 binary16. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of an F32 each. */
function brainToFloat(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (bits) => bits << 16).buffer);
}

/** A tensor to be written. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * Writes a safetensors file of F32; same tensors, same bytes.
 *
 * @throws WriteError
 */
export async function writeWeights(path: string, tensors: readonly NamedTensor[]): Promise<void> {
  const entries: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let size = 0;
  for (const { name, shape, values } of tensors) {
    entries[name] = { dtype: 'F32', shape, data_offsets: [size, size + values.byteLength] };
    size += values.byteLength;
  }
  const json = Buffer.from(JSON.stringify(entries));
  const header = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(header);
  const bytes = new Uint8Array(8 + header.length + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  let at = 8 + header.length;
  for (const { values } of tensors) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  await writeFileAtomic(path, bytes);
}
