/** Decoupled weight decay, shared by the optimizers. */
import * as tf from '@tensorflow/tfjs-core';
import type { WeightDecay } from './optimizer.ts';

/** Takes `learningRate * rate` of each decaying parameter away; nothing where the rate is 0. */
export type Decay = {
  apply(parameters: tf.Tensor1D, learningRate: number): tf.Tensor1D;
  dispose(): void;
};

/** Prepares the decay of a run. */
export function createDecay({ rate, mask }: WeightDecay): Decay {
  if (rate === 0) return { apply: (parameters) => parameters, dispose: () => undefined };
  const rates = tf.keep(tf.tidy(() => tf.mul(tf.tensor1d(mask), rate)));
  return {
    apply: (parameters, learningRate) => tf.sub(parameters, tf.mul(parameters, tf.mul(rates, learningRate))),
    dispose: () => rates.dispose(),
  };
}
