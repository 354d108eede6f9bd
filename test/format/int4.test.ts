import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFloat16, encodeFloat16, packInt4, unpackInt4 } from '../../src/format/index.ts';

/** Every F16, as its bits. */
const ALL_BITS = Int16Array.from({ length: 65_536 }, (_, bits) => bits);

/** IEEE 754 binary16 by its definition. */
function numberOf(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

describe('decodeFloat16', () => {
  it('gives every finite number exactly, and an infinity of the same sign for all else', () => {
    const decoded = decodeFloat16(ALL_BITS);
    const expected = Float32Array.from(ALL_BITS, (bits) => {
      const value = numberOf(bits);
      return Number.isNaN(value) ? (bits < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : value;
    });
    expect(Buffer.from(decoded.buffer).equals(Buffer.from(expected.buffer))).toBe(true);
  });
});

describe('encodeFloat16', () => {
  it('gives every number of F16 its bits', () => {
    const finite = ALL_BITS.filter((bits) => Number.isFinite(numberOf(bits)));
    expect(encodeFloat16(decodeFloat16(finite))).toEqual(finite);
  });

  it('rounds to the closest, half to even, and to infinity from 65,520 on', () => {
    const halfway = [1 + 2 ** -11, 1 + 3 * 2 ** -11, 65_519, 65_520, -65_520, 1e30, 2 ** -25, 3 * 2 ** -25, 1e-30];
    const { POSITIVE_INFINITY: inf } = Number;
    const rounded = [1, 1 + 2 ** -9, 65_504, inf, -inf, inf, 0, 2 ** -23, 0];
    expect([...decodeFloat16(encodeFloat16(Float32Array.from(halfway)))]).toEqual(rounded);
  });

  it('is off by at most 2^-11 of a number in the normal range (property)', () => {
    fc.assert(
      fc.property(fc.float({ min: Math.fround(2 ** -14), max: 65_504, noNaN: true }), (value) => {
        const [rounded] = decodeFloat16(encodeFloat16(Float32Array.of(value)));
        expect(Math.abs(rounded - value)).toBeLessThanOrEqual(value * 2 ** -11);
      }),
    );
  });
});

describe('packInt4', () => {
  it("puts the first of two weights into the low half of a byte, in two's complement", () => {
    expect([...packInt4(Int8Array.of(1, -1, -8, 7))]).toEqual([0xf1, 0x78]);
  });

  it('is undone by unpackInt4 for all bytes', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(packInt4(unpackInt4(bytes))).toEqual(bytes);
  });
});
