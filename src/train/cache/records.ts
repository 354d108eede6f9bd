/**
 * Records of teacher outputs: each a key of 32 bytes, `size` F32 values (little-endian) and a CRC-32 of both, one after
 * the other without anything between them.
 */
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

const KEY_BYTES = 32;
const CRC_BYTES = 4;
/** Bytes that are read at once. */
const CHUNK_BYTES = 1 << 20;

/** What was found in a file of records. */
export interface ScannedRecords {
  /** Bytes of whole records; what is behind them was torn off. */
  readonly end: number;
  /** Whole records whose checksum does not fit. */
  readonly damaged: number;
}

/** @returns bytes of a record of `size` values */
export function recordBytes(size: number): number {
  return KEY_BYTES + 4 * size + CRC_BYTES;
}

/** @param key 64 hex digits */
export function encodeRecord(key: string, values: Float32Array): Buffer {
  const record = Buffer.alloc(recordBytes(values.length));
  record.write(key, 0, 'hex');
  encodeValues(values).copy(record, KEY_BYTES);
  const body = record.subarray(0, -CRC_BYTES);
  record.writeUInt32LE(crc32(body), body.length);
  return record;
}

/** @returns the values of a whole record */
export function decodeValues(record: Buffer): Float32Array {
  const size = (record.length - KEY_BYTES - CRC_BYTES) / 4;
  return Float32Array.from({ length: size }, (_, i) => record.readFloatLE(KEY_BYTES + 4 * i));
}

/** Orders outputs of one size by their bytes. @returns 0 where they are the same, bit for bit */
export function compareValues(a: Float32Array, b: Float32Array): number {
  return encodeValues(a).compare(encodeValues(b));
}

function encodeValues(values: Float32Array): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (let i = 0; i < values.length; i++) bytes.writeFloatLE(values[i], 4 * i);
  return bytes;
}

/**
 * Reads a file from its beginning, a chunk at a time.
 *
 * @param onRecord gets every sound record and its place in the file, counted in records; the bytes are overwritten
 * after it returns
 */
export async function scanRecords(
  file: FileHandle,
  size: number,
  onRecord: (record: Buffer, position: number) => void | Promise<void>,
): Promise<ScannedRecords> {
  const length = recordBytes(size);
  const chunk = Buffer.allocUnsafeSlow(length * Math.max(1, Math.floor(CHUNK_BYTES / length)));
  let position = 0;
  let damaged = 0;
  for (;;) {
    const bytes = await readFully(file, chunk, position * length);
    const records = Math.floor(bytes / length);
    for (let i = 0; i < records; i++, position++) {
      const record = chunk.subarray(i * length, (i + 1) * length);
      if (crc32(record.subarray(0, -CRC_BYTES)) !== record.readUInt32LE(length - CRC_BYTES)) damaged++;
      else {
        const waiting = onRecord(record, position);
        if (waiting !== undefined) await waiting;
      }
    }
    if (bytes < chunk.length) return { end: position * length, damaged };
  }
}

/** Fills `buffer` unless the file ends before. */
async function readFully(file: FileHandle, buffer: Buffer, from: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
