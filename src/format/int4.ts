/**
 * Tables in int4: two weights a byte, and an F16 scale for each group of neighbours in a row (compare Dettmers et al. 2022,
 * arXiv:2110.02861, "block-wise quantization"). Read as one row a group, such a table is one in int8.
 */

/** Weights that share a scale: a wider group has coarser steps, a narrower one more scales. */
export const INT4_GROUP_SIZE = 32;

/** @returns the weights of `packed`, the one in the low half of a byte first, each from -8 to 7 */
export function unpackInt4(packed: Uint8Array): Int8Array {
  // Two weights at once: a table of a megabyte is unpacked while a student loads.
  const pairs = Int16Array.from(
    { length: 256 },
    (_, byte) => (((byte << 24) >> 28) << 8) | (((byte << 28) >> 28) & 255),
  );
  const values = new Int16Array(packed.length);
  for (let i = 0; i < packed.length; i++) values[i] = pairs[packed[i]];
  return new Int8Array(values.buffer);
}

/** @returns the numbers that the bits of F16 stand for; an infinity for each that is none */
export function decodeFloat16(bits: Int16Array): Float32Array {
  // Exponent and fraction, put where F32 has them, make a number 2^112 times too small. What has the exponent of an
  // infinity leaves the range of F32 on the way up to 2^224.
  const shifted = new Int32Array(bits.length);
  const values = new Float32Array(shifted.buffer);
  for (let i = 0; i < bits.length; i++) {
    shifted[i] = (bits[i] << 13) & 0x8fffffff;
    values[i] = Math.fround(values[i] * 2 ** 224) * 2 ** -112;
  }
  return values;
}

/** @returns two weights a byte; the inverse of {@link unpackInt4} */
export function packInt4(values: Int8Array): Uint8Array {
  return Uint8Array.from({ length: values.length / 2 }, (_, i) => (values[2 * i] & 15) | (values[2 * i + 1] << 4));
}

/** @returns the bits of the F16 closest to each number from 2^-14 on, half to even; infinities where that is too large */
export function encodeFloat16(values: Float32Array): Int16Array {
  const small = values.map((value) => value * 2 ** -112);
  return Int16Array.from(new Int32Array(small.buffer), (bits) => {
    const rounded = ((bits & 0x7fffffff) + 0xfff + ((bits >> 13) & 1)) >> 13;
    return Math.min(rounded, 0x7c00) | ((bits >> 16) & 0x8000);
  });
}
