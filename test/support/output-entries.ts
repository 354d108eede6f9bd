/** Entries of the cache of teacher outputs as any other program would write them, from their documentation alone. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** Outputs under their keys, in the order of a file. */
export type Outputs = readonly (readonly [key: string, values: Float32Array])[];

/** Bytes of a record of `size` values: key, values, CRC-32. */
export function recordLength(size: number): number {
  return 32 + 4 * size + 4;
}

/** The records of outputs, one after the other. */
export function encodeOutputs(outputs: Outputs): Buffer {
  const records = outputs.map(([key, values]) => {
    const floats = Buffer.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    const body = Buffer.concat([Buffer.from(key, 'hex'), floats]);
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32LE(crc32(body));
    return Buffer.concat([body, checksum]);
  });
  return Buffer.concat(records);
}

/** `entry.json` of this version. */
export function headerOf(id: string, size: number): string {
  return JSON.stringify({ version: 1, id, size });
}

/** Writes the entry `id` below `folder`. */
export function writeEntry(folder: string, id: string, header: string, records: Uint8Array): void {
  mkdirSync(join(folder, id), { recursive: true });
  writeFileSync(join(folder, id, 'entry.json'), header);
  writeFileSync(join(folder, id, 'records.bin'), records);
}

/** The outputs in the order of their keys. */
export function sortedOutputs(outputs: Outputs): Outputs {
  return [...outputs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
