/** The optimizers by kind, and what they share: warm-up and clipping. */
import type { OptimizerSpec } from '../training-run.ts';
import { adam } from './adam.ts';
import type { Optimizer } from './optimizer.ts';
import { createSgd } from './sgd.ts';

export type { Move, Moving, Optimizer, StepRates } from './optimizer.ts';

/** @returns the rule of a spec */
export function createOptimizer(spec: Pick<OptimizerSpec, 'kind' | 'momentum'>): Optimizer {
  return spec.kind === 'adam' ? adam : createSgd(spec.momentum);
}

/**
 * @param warmup share of all steps over which the learning rate rises
 * @returns factor of the learning rate at `step` (from 0): rises linearly and is 1 after the warm-up
 */
export function warmupFactor(step: number, steps: number, warmup: number): number {
  return Math.min(1, (step + 1) / Math.max(1, Math.round(warmup * steps)));
}

/**
 * The factor that brings a gradient down to a Euclidean norm of at most `maxNorm` (Pascanu et al. 2013,
 * arXiv:1211.5063): one odd batch cannot throw the weights far off.
 */
export function clippingFactor(norm: number, maxNorm: number): number {
  return norm <= maxNorm ? 1 : maxNorm / norm;
}
