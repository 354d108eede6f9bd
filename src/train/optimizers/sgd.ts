/** Stochastic gradient descent with momentum (Polyak's heavy ball) and decoupled weight decay. */
import type { Optimizer } from './optimizer.ts';

/** @param momentum share of the last step's velocity that is kept, 0 to below 1 */
export function createSgd(momentum: number): Optimizer {
  return {
    numMoments: 1,
    at:
      ({ learningRate, scale }) =>
      ({ values, moments }, gradient, at, gradientAt, length, decay) => {
        const velocities = moments[0];
        const keep = 1 - learningRate * decay;
        const shift = gradientAt - at;
        for (let i = at; i < at + length; i++) {
          const velocity = momentum * velocities[i] + gradient[i + shift] * scale;
          velocities[i] = velocity;
          values[i] = keep * values[i] - learningRate * velocity;
        }
      },
  };
}
