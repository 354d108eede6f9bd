import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Axis, linearAxis, logAxis } from '../../../src/train/report/axis.ts';

const FROM = 56;
const TO = 446;

/** Numbers of a sign and a size from 1e-6 to 1e6, and 0. */
const value = fc
  .tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: -6, max: 3 }))
  .map(([digits, power]) => Number(`${digits}e${power}`));

function expectInside(axis: Axis, values: readonly number[]): void {
  for (const each of values) {
    expect(axis.position(each)).toBeGreaterThanOrEqual(FROM - 1e-6);
    expect(axis.position(each)).toBeLessThanOrEqual(TO + 1e-6);
  }
}

describe('linearAxis', () => {
  it.each<[readonly number[], readonly number[]]>([
    [
      [0, 1],
      [0, 0.2, 0.4, 0.6, 0.8, 1],
    ],
    [
      [0.91, 0.957],
      [0.91, 0.92, 0.93, 0.94, 0.95, 0.96],
    ],
    [
      [1, 4],
      [1, 2, 3, 4],
    ],
    [
      [0, 23, 7],
      [0, 5, 10, 15, 20, 25],
    ],
    [
      [-0.6, 0.4],
      [-0.6, -0.4, -0.2, 0, 0.2, 0.4],
    ],
    [
      [0, 0],
      [0, 0.2],
    ],
    [
      [3, 3, 3],
      [3, 4],
    ],
    [[-2], [-2, -1.5]],
  ])('of %j has ticks at %j', (values, ticks) => {
    expect(linearAxis(values, FROM, TO).ticks).toEqual(ticks);
  });

  it('has 2 to 8 ticks, 1, 2 or 5 times a power of ten apart, that cover any values; their range is the axis', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (values) => {
        const [low, high] = [Math.min(...values), Math.max(...values)];
        fc.pre(high === low || high - low > 1e-6 * Math.max(Math.abs(low), Math.abs(high)));
        const axis = linearAxis(values, FROM, TO);
        const { ticks } = axis;
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(8);
        const step = (ticks[ticks.length - 1] - ticks[0]) / (ticks.length - 1);
        expect(['1', '2', '5']).toContain(Number(step.toPrecision(6)).toExponential().split('e')[0]);
        for (const [i, tick] of ticks.entries()) {
          expect(Math.abs(tick - ticks[0] - i * step)).toBeLessThan(1e-6 * step);
          // A round multiple of the step: never a rest that rounding left.
          expect(Math.abs(tick / step - Math.round(tick / step))).toBeLessThan(1e-5);
          expect(tick === 0 || Math.abs(tick) > step / 2).toBe(true);
        }
        expect(ticks[0]).toBeLessThanOrEqual(low + 1e-9 * step);
        expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(high - 1e-9 * step);
        expect(axis.position(ticks[0])).toBeCloseTo(FROM, 6);
        expect(axis.position(ticks[ticks.length - 1])).toBeCloseTo(TO, 6);
        expectInside(axis, values);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the order of values, and turns it where pixels fall: half way is half way', () => {
    expect(linearAxis([0, 10], 100, 200).position(5)).toBe(150);
    expect(linearAxis([0, 10], 200, 100).position(2.5)).toBe(175);
  });
});

describe('logAxis', () => {
  it.each<[readonly number[], readonly number[]]>([
    [
      [265_240, 28_121_983],
      [1e5, 1e6, 1e7, 1e8],
    ],
    [
      [0.029, 62],
      [0.01, 0.1, 1, 10, 100],
    ],
    [
      [0.00002, 0.5],
      [0.00001, 0.0001, 0.001, 0.01, 0.1, 1],
    ],
    [
      [5, 5],
      [1, 10],
    ],
    [[1000], [1000, 10_000]],
  ])('of %j has ticks at %j', (values, ticks) => {
    expect(logAxis(values, FROM, TO).ticks).toEqual(ticks);
  });

  it('has a tick at every power of ten around any positive values, equally far apart', () => {
    const positive = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1, maxLength: 6 }), (values) => {
        const axis = logAxis(values, FROM, TO);
        const { ticks } = axis;
        expect(ticks[0]).toBeLessThanOrEqual(Math.min(...values) * (1 + 1e-12));
        expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(Math.max(...values) * (1 - 1e-12));
        for (const [i, tick] of ticks.entries()) {
          expect(tick).toBe(Number(`1e${Math.round(Math.log10(tick))}`));
          expect(axis.position(tick)).toBeCloseTo(FROM + (i / (ticks.length - 1)) * (TO - FROM), 6);
        }
        expectInside(axis, values);
      }),
    );
  });
});
