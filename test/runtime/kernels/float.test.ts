import { describe, expect, it } from 'vitest';
import { activateF32, expF32, powerLevel, rint, sigmoidF32 } from '../../../src/runtime/kernels/float.ts';
import { ACTIVATION_CODES } from '../../../src/runtime/kernels/kernels.ts';

const range = (from: number, to: number, steps: number): number[] =>
  Array.from({ length: steps + 1 }, (_, i) => Math.fround(from + ((to - from) * i) / steps));

describe('elementary functions in f32', () => {
  it('expF32 has a relative error below 3e-7 from -87 to 88', () => {
    for (const x of range(-87, 88, 20_000)) expect(Math.abs(expF32(x) / Math.exp(x) - 1)).toBeLessThan(3e-7);
  });

  it('expF32 stays finite and positive beyond, and NaN is NaN', () => {
    expect(expF32(1e9)).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(expF32(-1e9)).toBeGreaterThan(0);
    expect(expF32(Number.NaN)).toBeNaN();
  });

  it('sigmoidF32 is within 2e-7 of the logistic function', () => {
    for (const x of range(-100, 100, 20_000))
      expect(Math.abs(sigmoidF32(x) - 1 / (1 + Math.exp(-x)))).toBeLessThan(2e-7);
  });

  it('silu is within 2e-6 of x sigmoid(x), and 1e-6 relative to 1 + |x|; x or near 0 far out, and NaN of NaN', () => {
    const silu = (x: number): number => activateF32(x, ACTIVATION_CODES.silu);
    for (const x of range(-50, 50, 20_000)) {
      const error = Math.abs(silu(x) - x / (1 + Math.exp(-x)));
      expect(error).toBeLessThan(2e-6);
      expect(error / (1 + Math.abs(x))).toBeLessThan(1e-6);
    }
    expect([100, 2 ** 100, Number.POSITIVE_INFINITY, 0, Number.NaN].map(silu)).toEqual([
      100,
      2 ** 100,
      Number.POSITIVE_INFINITY,
      0,
      Number.NaN,
    ]);
    expect(Math.abs(silu(Number.NEGATIVE_INFINITY))).toBeLessThan(2e-6);
  });

  it('powerLevel is 127 x 2^x within 0.52, of -20 to 0; 127 at 0, 0 far below and of NaN', () => {
    for (const x of range(-20, 0, 20_000)) expect(Math.abs(powerLevel(x) - 127 * 2 ** x)).toBeLessThan(0.52);
    expect([0, -1, -100, Number.NEGATIVE_INFINITY, Number.NaN].map(powerLevel)).toEqual([127, 64, 0, 0, 0]);
  });

  it('gelu is within 7.4e-7 of x Phi(x), and within 1.45e-6 |x|', () => {
    const errorAt = (x: number): number => Math.abs(activateF32(x, ACTIVATION_CODES.gelu) - x * phi(x));
    const dense = [...range(-10, 10, 40_000), ...range(-0.1, 0.1, 10_000)].filter((x) => x !== 0);
    expect(Math.max(...dense.map(errorAt))).toBeLessThan(7.4e-7);
    expect(Math.max(...dense.map((x) => errorAt(x) / Math.abs(x)))).toBeLessThan(1.45e-6);
  });

  it('gelu is 0 of 0, x from 5.4 on, a negative number above -2e-15 from -8 down, and NaN of NaN', () => {
    const gelu = (x: number): number => activateF32(x, ACTIVATION_CODES.gelu);
    expect([gelu(0), gelu(-0), gelu(Number.NaN)]).toEqual([0, 0, Number.NaN]);
    const far = [...range(5.4, 100, 1000), 2 ** 100, Number.POSITIVE_INFINITY];
    expect(far.map(gelu)).toEqual(far);
    expect(far.filter((x) => x >= 8 && !(gelu(-x) < 0 && gelu(-x) > -2e-15))).toEqual([]);
  });

  it('rint rounds half to even', () => {
    expect([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4999, 1e9 + 0.5].map(rint)).toEqual([-2, -2, 0, 0, 2, 2, 2, 1e9]);
  });
});

/** The normal distribution function by Simpson's rule, error below 1e-10. */
function phi(x: number): number {
  const steps = 400;
  const width = x / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((i * width) ** 2) / 2);
  }
  return 0.5 + (sum * width) / 3 / Math.sqrt(2 * Math.PI);
}
