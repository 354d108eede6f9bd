/** The name of a teacher's input: what outputs are kept under, and what decides which shard labels a text. */
import { createHash } from 'node:crypto';

/** Key of a teacher's input: SHA-256 over the length-prefixed fields that it reads, hex. */
export function outputKey(...fields: readonly string[]): string {
  const hash = createHash('sha256');
  for (const field of fields) {
    const bytes = Buffer.from(field, 'utf8');
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(bytes.length));
    hash.update(length).update(bytes);
  }
  return hash.digest('hex');
}
