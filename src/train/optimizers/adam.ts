/**
 * Adam (Kingma & Ba 2014, arXiv:1412.6980) with decoupled weight decay (AdamW, Loshchilov & Hutter 2017,
 * arXiv:1711.05101). The corrections of the moments follow the global step, also for rows that are rarely used.
 */
import type { Optimizer } from './optimizer.ts';

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** Adam, stateless. */
export const adam: Optimizer = {
  numMoments: 2,
  at({ step, learningRate, scale }) {
    // Both moments start at 0 and are too small at first; their corrections go into two factors.
    const rate = learningRate / (1 - BETA_1 ** step);
    const correction = 1 / (1 - BETA_2 ** step);
    return ({ values, moments }, gradient, at, gradientAt, length, decay) => {
      const means = moments[0];
      const squares = moments[1];
      const keep = 1 - learningRate * decay;
      const shift = gradientAt - at;
      for (let i = at; i < at + length; i++) {
        const g = gradient[i + shift] * scale;
        const mean = BETA_1 * means[i] + (1 - BETA_1) * g;
        const square = BETA_2 * squares[i] + (1 - BETA_2) * g * g;
        means[i] = mean;
        squares[i] = square;
        values[i] = keep * values[i] - (rate * mean) / (Math.sqrt(square * correction) + EPSILON);
      }
    };
  },
};
