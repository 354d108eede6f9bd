/** The optimizers by kind, and what they share: warm-up and clipping. */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../training-run.ts';
import { createAdam } from './adam.ts';
import type { Optimizer, OptimizerState } from './optimizer.ts';
import { createSgd } from './sgd.ts';

export type { Optimizer, OptimizerState } from './optimizer.ts';

/**
 * Starts the optimizer of a spec, or continues it from a state.
 *
 * @param decayMask 1 where a parameter decays, 0 where it does not; as long as the parameter vector
 */
export function createOptimizer(spec: OptimizerSpec, decayMask: Float32Array, state?: OptimizerState): Optimizer {
  const decay = { rate: spec.weightDecay, mask: decayMask };
  return spec.kind === 'adam'
    ? createAdam(decayMask.length, decay, state)
    : createSgd(decayMask.length, spec.momentum, decay, state);
}

/**
 * @param warmup share of all steps over which the learning rate rises
 * @returns factor of the learning rate at `step` (from 0): rises linearly and is 1 after the warm-up
 */
export function warmupFactor(step: number, steps: number, warmup: number): number {
  return Math.min(1, (step + 1) / Math.max(1, Math.round(warmup * steps)));
}

/**
 * Scales a gradient down to a Euclidean norm of at most `maxNorm` (Pascanu et al. 2013, arXiv:1211.5063): one odd
 * batch cannot throw the weights far off.
 */
export function clipByGlobalNorm(gradient: tf.Tensor1D, maxNorm: number): tf.Tensor1D {
  const norm = Math.sqrt(tf.tidy(() => tf.sum(tf.square(gradient)).dataSync()[0]));
  return norm <= maxNorm ? gradient : tf.mul(gradient, maxNorm / norm);
}
