import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimize, type Objective } from '../../src/train/lbfgs.ts';

/** Largest component of the gradient at which the search ends. */
const TOLERANCE = 1e-6;

/** Runs the search, counts the calls, and gives the gradient where it ended. */
async function search(objective: Objective, start: readonly number[]) {
  let calls = 0;
  const counted: Objective = (at, gradient) => {
    calls++;
    return objective(at, gradient);
  };
  const point = await minimize(counted, Float64Array.from(start));
  const gradient = new Float64Array(start.length);
  const loss = objective(point, gradient);
  return { point, loss, calls, steepest: Math.max(...gradient.map(Math.abs)) };
}

/** 100 (y - x^2)^2 + (1 - x)^2: a bent valley with its minimum of 0 at (1, 1). */
const rosenbrock: Objective = ([x, y], gradient) => {
  gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x);
  gradient[1] = 200 * (y - x * x);
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
};

/** sum of a_i (x_i - c_i)^2 / 2 */
const quadratic =
  (curvatures: readonly number[], center: readonly number[]): Objective =>
  (point, gradient) => {
    let loss = 0;
    for (const [i, a] of curvatures.entries()) {
      gradient[i] = a * (point[i] - center[i]);
      loss += (a / 2) * (point[i] - center[i]) ** 2;
    }
    return loss;
  };

describe('minimize', () => {
  it('finds the minimum of a quadratic with curvatures from 0.01 to 100, within 1e-6 / curvature', async () => {
    const curvatures = [0.01, 0.1, 1, 10, 100];
    const center = [3, -2, 1, 0, -5];
    const { point, steepest } = await search(quadratic(curvatures, center), [0, 0, 0, 0, 0]);
    expect(steepest).toBeLessThan(TOLERANCE);
    for (const [i, a] of curvatures.entries()) expect(Math.abs(point[i] - center[i])).toBeLessThan(TOLERANCE / a);
  });

  it('takes less than 80 calls for 20 dimensions with curvatures from 0.1 to 10', async () => {
    const curvatures = Array.from({ length: 20 }, (_, i) => 0.1 * 10 ** ((2 * i) / 19));
    const { steepest, calls } = await search(quadratic(curvatures, Array(20).fill(1)), Array(20).fill(0));
    expect(steepest).toBeLessThan(TOLERANCE);
    expect(calls).toBeLessThan(80);
  });

  it('finds the minimum of any quadratic in up to 8 dimensions', async () => {
    const dimension = fc.record({
      curvature: fc.double({ min: 0.05, max: 20, noNaN: true }),
      center: fc.double({ min: -50, max: 50, noNaN: true }),
      start: fc.double({ min: -50, max: 50, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(dimension, { minLength: 1, maxLength: 8 }), async (dimensions) => {
        const curvatures = dimensions.map(({ curvature }) => curvature);
        const center = dimensions.map(({ center }) => center);
        const { steepest } = await search(
          quadratic(curvatures, center),
          dimensions.map(({ start }) => start),
        );
        expect(steepest).toBeLessThan(TOLERANCE);
      }),
    );
  });

  it.each([
    [-1.2, 1],
    [0, 0],
    [5, -3],
  ])(
    'finds the minimum of the Rosenbrock function from (%d, %d), within 1e-5, in less than 100 calls',
    async (x, y) => {
      const { point, steepest, calls } = await search(rosenbrock, [x, y]);
      expect(steepest).toBeLessThan(TOLERANCE);
      expect(Math.abs(point[0] - 1)).toBeLessThan(1e-5);
      expect(Math.abs(point[1] - 1)).toBeLessThan(1e-5);
      expect(calls).toBeLessThan(100);
    },
  );

  it('finds the minimum of log(1 + e^x) + log(1 + e^-2x), where 1 / (1 + e^-x) = 2 / (1 + e^2x)', async () => {
    const softplus: Objective = ([x], gradient) => {
      gradient[0] = 1 / (1 + Math.exp(-x)) - 2 / (1 + Math.exp(2 * x));
      return Math.log1p(Math.exp(x)) + Math.log1p(Math.exp(-2 * x));
    };
    for (const start of [-4, 0, 6]) {
      const { point, steepest } = await search(softplus, [start]);
      expect(steepest).toBeLessThan(TOLERANCE);
      expect(1 / (1 + Math.exp(-point[0]))).toBeCloseTo(2 / (1 + Math.exp(2 * point[0])), 5);
    }
  });

  it('asks once where the start is the minimum already, and leaves the start as it is', async () => {
    const start = Float64Array.of(1, 1);
    expect(await search(rosenbrock, [1, 1])).toMatchObject({ calls: 1, loss: 0 });
    await minimize(rosenbrock, start);
    expect([...start]).toEqual([1, 1]);
    const other = Float64Array.of(2, 3);
    await minimize(rosenbrock, other);
    expect([...other]).toEqual([2, 3]);
  });

  it('ends where no minimum exists, after at most 500 iterations', async () => {
    const falling: Objective = ([x], gradient) => {
      gradient[0] = -Math.exp(-x);
      return Math.exp(-x);
    };
    expect((await search(falling, [0])).steepest).toBeLessThan(TOLERANCE);
    const endless: Objective = ([x], gradient) => {
      gradient[0] = -1;
      return -x;
    };
    const { point, calls } = await search(endless, [0]);
    expect(point[0]).toBeGreaterThan(0);
    expect(calls).toBeLessThanOrEqual(502);
  });

  it('stays where no step brings less: the best point so far', async () => {
    const wrong: Objective = (_, gradient) => {
      gradient[0] = 1;
      return 0;
    };
    expect((await search(wrong, [2])).point[0]).toBe(2);
  });
});
