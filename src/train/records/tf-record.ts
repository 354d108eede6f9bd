/**
 * TFRecord: what TensorBoard reads event files in. A record is its length (8 bytes, little-endian), a checksum of that,
 * the data, and a checksum of the data. (tensorflow.org/tutorials/load_data/tfrecord, "TFRecords format details".)
 */
import { crc32c } from './crc32c.ts';

/** What a checksum is masked with, since one over data that contains checksums says little. */
const MASK_DELTA = 0xa282ead8;

/** One record. */
export function encodeTfRecord(data: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, maskedCrc(length), data, maskedCrc(data)]);
}

function maskedCrc(bytes: Uint8Array): Buffer {
  const crc = crc32c(bytes);
  const rotated = ((crc >>> 15) | (crc << 17)) >>> 0;
  const masked = Buffer.alloc(4);
  masked.writeUInt32LE((rotated + MASK_DELTA) % 2 ** 32);
  return masked;
}
