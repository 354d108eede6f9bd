/** Stochastic gradient descent with momentum (Polyak's heavy ball) and decoupled weight decay. */
import * as tf from '@tensorflow/tfjs-core';
import { createDecay } from './decay.ts';
import type { Optimizer, OptimizerState, WeightDecay } from './optimizer.ts';

/**
 * Starts SGD, or continues it from a state.
 *
 * @param momentum share of the last step's velocity that is kept, 0 to below 1
 */
export function createSgd(size: number, momentum: number, weightDecay: WeightDecay, state?: OptimizerState): Optimizer {
  const decay = createDecay(weightDecay);
  let step = state?.step ?? 0;
  let velocity = tf.keep(tf.tensor1d(state?.moments[0] ?? new Float32Array(size)));

  return {
    update(parameters, gradient, learningRate) {
      step++;
      const [next, updated] = tf.tidy(() => {
        const v = tf.add(tf.mul(velocity, momentum), gradient) as tf.Tensor1D;
        return [v, tf.sub(decay.apply(parameters, learningRate), tf.mul(v, learningRate)) as tf.Tensor1D];
      });
      velocity.dispose();
      velocity = tf.keep(next);
      return updated;
    },
    state: () => ({ step, moments: [velocity.dataSync<'float32'>()] }),
    dispose() {
      velocity.dispose();
      decay.dispose();
    },
  };
}
