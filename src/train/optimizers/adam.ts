/** Adam (Kingma & Ba 2014, arXiv:1412.6980) with decoupled weight decay. */
import * as tf from '@tensorflow/tfjs-core';
import { createDecay } from './decay.ts';
import type { Optimizer, OptimizerState, WeightDecay } from './optimizer.ts';

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** Starts Adam, or continues it from a state. */
export function createAdam(size: number, weightDecay: WeightDecay, state?: OptimizerState): Optimizer {
  const decay = createDecay(weightDecay);
  let step = state?.step ?? 0;
  let [mean, square] = (state?.moments ?? [new Float32Array(size), new Float32Array(size)]).map((moment) =>
    tf.keep(tf.tensor1d(moment)),
  );

  return {
    update(parameters, gradient, learningRate) {
      step++;
      const [nextMean, nextSquare, updated] = tf.tidy(() => {
        const m = tf.add(tf.mul(mean, BETA_1), tf.mul(gradient, 1 - BETA_1)) as tf.Tensor1D;
        const v = tf.add(tf.mul(square, BETA_2), tf.mul(tf.square(gradient), 1 - BETA_2)) as tf.Tensor1D;
        // Both moments start at 0 and are too small at first; their corrections go into two scalars.
        const rate = learningRate / (1 - BETA_1 ** step);
        const root = tf.sqrt(tf.mul(v, 1 / (1 - BETA_2 ** step)));
        const change = tf.div(tf.mul(m, rate), tf.add(root, EPSILON));
        return [m, v, tf.sub(decay.apply(parameters, learningRate), change) as tf.Tensor1D];
      });
      tf.dispose([mean, square]);
      mean = tf.keep(nextMean);
      square = tf.keep(nextSquare);
      return updated;
    },
    state: () => ({ step, moments: [mean, square].map((moment) => moment.dataSync<'float32'>()) }),
    dispose() {
      tf.dispose([mean, square]);
      decay.dispose();
    },
  };
}
