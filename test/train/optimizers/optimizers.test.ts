import { describe, expect, it } from 'vitest';
import { clippingFactor, createOptimizer, type Moving, warmupFactor } from '../../../src/train/optimizers/index.ts';
import type { OptimizerSpec } from '../../../src/train/training-run.ts';

/** Parameters, and the gradient of each step. */
const START = [1, -2, 0.5, 0];
const GRADIENTS = [
  [0.1, -1, 0, 4],
  [-0.3, -1, 0, 2],
  [0.2, 5, 0, -1e-3],
];
const RATES = [0.1, 0.05, 0.2];
/** The first two parameters decay. */
const MASK = Float32Array.of(1, 1, 0, 0);

function specOf(kind: OptimizerSpec['kind'], weightDecay: number): OptimizerSpec {
  return { kind, weightDecay, learningRate: { kind: 'constant', value: 0.1 }, warmup: 0, momentum: 0.9 };
}

/** The parameters after each step, and the moments at the end. The gradient lies elsewhere than the parameters. */
function run(
  spec: OptimizerSpec,
  gradients: readonly (readonly number[])[],
  start: readonly number[] = START,
): { readonly path: Float32Array[]; readonly moments: readonly Float32Array[] } {
  const optimizer = createOptimizer(spec);
  const moments = Array.from({ length: optimizer.numMoments }, () => new Float32Array(start.length + 2));
  const values = Float32Array.of(9, ...start, 9);
  const path = gradients.map((gradient, step) => {
    const move = optimizer.at({ step: step + 1, learningRate: RATES[step], scale: 1 });
    const elsewhere = Float32Array.of(7, 7, 7, ...gradient);
    for (const i of gradient.keys()) {
      move({ values, moments }, elsewhere, 1 + i, 3 + i, 1, spec.weightDecay * MASK[i]);
    }
    return values.slice(1, -1);
  });
  expect([values[0], values.at(-1)]).toEqual([9, 9]);
  return { path, moments };
}

/** Adam in double precision as in the paper, algorithm 1, with what decays taken away from the old weight. */
function adam(weightDecay: number): number[][] {
  const [m, v] = [START.map(() => 0), START.map(() => 0)];
  let theta = START;
  return GRADIENTS.map((gradient, step) => {
    const t = step + 1;
    theta = theta.map((weight, i) => {
      m[i] = 0.9 * m[i] + 0.1 * gradient[i];
      v[i] = 0.999 * v[i] + 0.001 * gradient[i] ** 2;
      const mean = m[i] / (1 - 0.9 ** t);
      const square = v[i] / (1 - 0.999 ** t);
      const decayed = weight - RATES[step] * weightDecay * MASK[i] * weight;
      return decayed - (RATES[step] * mean) / (Math.sqrt(square) + 1e-8);
    });
    return theta;
  });
}

/** The heavy ball in double precision. */
function sgd(weightDecay: number): number[][] {
  const velocity = START.map(() => 0);
  let theta = START;
  return GRADIENTS.map((gradient, step) => {
    theta = theta.map((weight, i) => {
      velocity[i] = 0.9 * velocity[i] + gradient[i];
      return weight - RATES[step] * weightDecay * MASK[i] * weight - RATES[step] * velocity[i];
    });
    return theta;
  });
}

describe.each([
  ['adam', adam],
  ['sgd', sgd],
] as const)('%s', (kind, naive) => {
  it.each([0, 0.1])('takes three steps as in double precision, within 1e-6, with weight decay %d', (weightDecay) => {
    const { path } = run(specOf(kind, weightDecay), GRADIENTS);
    const expected = naive(weightDecay);
    for (const [step, parameters] of path.entries()) {
      for (const [i, value] of parameters.entries()) expect(Math.abs(value - expected[step][i])).toBeLessThan(1e-6);
    }
  });

  it('shrinks by decay the entries of the mask alone, by the learning rate times its rate', () => {
    const still = [[0, 0, 0, 0]];
    const { path } = run(specOf(kind, 0.5), still, [1, -2, 3, -4]);
    // 1 - 0.1 x 0.5
    expect([...path[0]]).toEqual([Math.fround(0.95), Math.fround(-1.9), 3, -4]);
  });

  it('moves the same with decay as without it where no entry decays', () => {
    const [decaying, plain] = [0.5, 0].map((rate) => run(specOf(kind, rate), GRADIENTS).path);
    for (const [step, parameters] of decaying.entries()) {
      expect(parameters.subarray(2)).toEqual(plain[step].subarray(2));
      expect(parameters[0]).not.toBe(plain[step][0]);
    }
  });

  it('moves a long stretch as it moves its elements one by one, scaled by the factor that clips', () => {
    const optimizer = createOptimizer(specOf(kind, 0));
    const moving = (): Moving => ({
      values: Float32Array.from(START),
      moments: Array.from({ length: optimizer.numMoments }, () => new Float32Array(4)),
    });
    const [whole, single] = [moving(), moving()];
    const gradient = Float32Array.from(GRADIENTS[0]);
    const half = gradient.map((value) => value / 2);
    const rates = { step: 1, learningRate: 0.1 };
    optimizer.at({ ...rates, scale: 0.5 })(whole, gradient, 0, 0, 4, 0.1);
    for (const at of START.keys()) {
      optimizer.at({ ...rates, scale: 1 })(single, half, at, at, 1, 0.1);
    }
    expect(whole).toEqual(single);
  });
});

describe('adam', () => {
  it('first moves every parameter by the learning rate, against the sign of its gradient, whatever its size', () => {
    const { path } = run(specOf('adam', 0), [[1e-3, -50, 0, 2]], [0, 0, 0, 0]);
    for (const [i, value] of [-0.1, 0.1, 0, -0.1].entries()) expect(path[0][i]).toBeCloseTo(value, 5);
  });
});

describe('sgd', () => {
  it('of a constant gradient reaches 1 / (1 - momentum) times its step', () => {
    const optimizer = createOptimizer({ ...specOf('sgd', 0), momentum: 0.5 });
    const moving = { values: Float32Array.of(0), moments: [new Float32Array(1)] };
    const places = [1, 2, 3, 4].map((step) => {
      const move = optimizer.at({ step, learningRate: 1, scale: 1 });
      move(moving, Float32Array.of(1), 0, 0, 1, 0);
      return moving.values[0];
    });
    expect(places).toEqual([-1, -2.5, -4.25, -6.125]);
  });
});

describe('warmupFactor', () => {
  it('rises linearly over its share of the steps, and is 1 afterwards', () => {
    expect([0, 1, 2, 3, 4, 19].map((step) => warmupFactor(step, 20, 0.2))).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
  });

  it('is 1 throughout without a warm-up, and 1 at the last step where all steps are warm-up', () => {
    expect([0, 5].map((step) => warmupFactor(step, 10, 0))).toEqual([1, 1]);
    expect(warmupFactor(0, 10, 1)).toBeCloseTo(0.1, 15);
    expect(warmupFactor(9, 10, 1)).toBe(1);
  });
});

describe('clippingFactor', () => {
  it('brings a longer gradient down to the length, and leaves one that is no longer, zeros included', () => {
    expect(clippingFactor(5, 1)).toBe(0.2);
    expect([5, 0.25, 0].map((norm) => clippingFactor(norm, 5))).toEqual([1, 1, 1]);
  });
});
