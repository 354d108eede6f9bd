/** Writes a student file. The same student gives the same bytes, whatever order its tensors come in. */
import { parseStudent } from './read.ts';
import { DATA_ALIGNMENT_BYTES, TENSOR_ALIGNMENT_BYTES } from './safetensors.ts';
import { type StudentFile, type Tensor, versionOf } from './spec.ts';

/** A tensor with its place in the data section. */
interface Placed {
  readonly name: string;
  readonly tensor: Tensor;
  readonly begin: number;
  readonly end: number;
}

/**
 * @returns the bytes of the file, read back and checked
 * @throws StudentFormatError where `file` breaks a rule of the format
 */
export async function encodeStudent(file: StudentFile): Promise<Uint8Array> {
  const placed = place(file.tensors);
  const data = dataSection(placed);
  const digest = await globalThis.crypto.subtle.digest('SHA-256', data);
  const metadata = {
    format: 'retort-student',
    format_version: String(versionOf(file.spec, file.tensors)),
    provenance: JSON.stringify(file.provenance),
    sha256: hex(new Uint8Array(digest)),
    spec: JSON.stringify(file.spec),
  };
  const entries = placed.map(({ name, tensor, begin, end }) => [
    name,
    { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [begin, end] },
  ]);
  const bytes = join({ __metadata__: metadata, ...Object.fromEntries(entries) }, data);
  parseStudent(bytes);
  return bytes;
}

/** Lays the tensors out by name, with a tensor of zeros in every gap that alignment leaves. */
function place(tensors: ReadonlyMap<string, Tensor>): readonly Placed[] {
  const placed: Placed[] = [];
  let position = 0;
  for (const name of [...tensors.keys()].sort()) {
    const tensor = tensors.get(name)!;
    const gap = -position & (TENSOR_ALIGNMENT_BYTES - 1);
    if (gap > 0) {
      const zeros: Tensor = { dtype: 'U8', shape: [gap], data: new Uint8Array(gap) };
      placed.push({ name: `_pad.${placed.length}`, tensor: zeros, begin: position, end: position + gap });
      position += gap;
    }
    const end = position + tensor.data.byteLength;
    placed.push({ name, tensor, begin: position, end });
    position = end;
  }
  return placed;
}

function dataSection(placed: readonly Placed[]): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(placed.at(-1)?.end ?? 0);
  for (const { tensor, begin } of placed) {
    const { buffer, byteOffset, byteLength } = tensor.data;
    data.set(new Uint8Array(buffer, byteOffset, byteLength), begin);
  }
  return data;
}

function join(header: unknown, data: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = json.byteLength + (-(8 + json.byteLength) & (DATA_ALIGNMENT_BYTES - 1));
  const bytes = new Uint8Array(8 + headerBytes + data.byteLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, 8, 8 + headerBytes);
  bytes.set(json, 8);
  bytes.set(data, 8 + headerBytes);
  return bytes;
}

/** Lower-case hexadecimal digits of `bytes`. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
