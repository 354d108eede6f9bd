import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  clipByGlobalNorm,
  createOptimizer,
  type OptimizerState,
  warmupFactor,
} from '../../../src/train/optimizers/index.ts';
import type { OptimizerSpec } from '../../../src/train/training-run.ts';
import { useWasmBackend } from '../../support/wasm-backend.ts';

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

/** The parameters after each step, and the state at the end. */
function run(
  spec: OptimizerSpec,
  gradients: readonly (readonly number[])[],
  start: readonly number[] = START,
  from = 0,
  state?: OptimizerState,
): { readonly path: Float32Array[]; readonly state: OptimizerState } {
  const optimizer = createOptimizer(spec, MASK, state);
  let parameters = tf.tensor1d([...start]);
  const path = gradients.map((gradient, step) => {
    const g = tf.tensor1d([...gradient]);
    const next = optimizer.update(parameters, g, RATES[from + step]);
    tf.dispose([g, parameters]);
    parameters = next;
    return Float32Array.from(next.dataSync());
  });
  const end = structuredClone(optimizer.state());
  optimizer.dispose();
  parameters.dispose();
  return { path, state: end };
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

beforeAll(useWasmBackend);

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

  it('goes on with the same bits from its state, after every step', () => {
    const spec = specOf(kind, 0.1);
    const whole = run(spec, GRADIENTS);
    for (const stop of [1, 2]) {
      const first = run(spec, GRADIENTS.slice(0, stop));
      expect(first.state.step).toBe(stop);
      const rest = run(spec, GRADIENTS.slice(stop), [...first.path[stop - 1]], stop, first.state);
      expect([...first.path, ...rest.path]).toEqual(whole.path);
      expect(rest.state).toEqual(whole.state);
    }
  });

  it('leaves parameters and gradient as they are, and no tensor behind', () => {
    const before = tf.memory().numTensors;
    const optimizer = createOptimizer(specOf(kind, 0.1), MASK);
    const [parameters, gradient] = [tf.tensor1d(START), tf.tensor1d(GRADIENTS[0])];
    tf.dispose(optimizer.update(parameters, gradient, 0.1));
    expect([...parameters.dataSync()]).toEqual(START);
    expect(gradient.dataSync()).toEqual(Float32Array.from(GRADIENTS[0]));
    optimizer.dispose();
    tf.dispose([parameters, gradient]);
    expect(tf.memory().numTensors).toBe(before);
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
    const optimizer = createOptimizer({ ...specOf('sgd', 0), momentum: 0.5 }, Float32Array.of(0));
    const gradient = tf.tensor1d([1]);
    let parameters = tf.tensor1d([0]);
    const steps: number[] = [];
    for (let i = 0; i < 4; i++) {
      const next = optimizer.update(parameters, gradient, 1);
      steps.push(parameters.dataSync()[0] - next.dataSync()[0]);
      parameters.dispose();
      parameters = next;
    }
    expect(steps).toEqual([1, 1.5, 1.75, 1.875]);
    optimizer.dispose();
    tf.dispose([gradient, parameters]);
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

describe('clipByGlobalNorm', () => {
  const clip = (values: readonly number[], maxNorm: number): number[] =>
    tf.tidy(() => [...clipByGlobalNorm(tf.tensor1d([...values]), maxNorm).dataSync()]);

  it('scales a longer gradient to the length, within 1e-6, in its direction: (3, -4) of 5 to (0.6, -0.8)', () => {
    const [x, y] = clip([3, -4], 1);
    expect(Math.abs(x - 0.6)).toBeLessThan(1e-6);
    expect(Math.abs(y + 0.8)).toBeLessThan(1e-6);
  });

  it('leaves a gradient that is no longer than that as it is, zeros included', () => {
    expect(clip([3, -4], 5)).toEqual([3, -4]);
    expect(clip([0.25, 0], 1)).toEqual([0.25, 0]);
    expect(clip([0, 0], 1)).toEqual([0, 0]);
  });
});
