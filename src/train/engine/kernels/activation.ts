/** Activations and their gradients. */
import { util } from '@tensorflow/tfjs-core';
import type { Activation } from '../../../format/index.ts';
import type { OwnKernel } from './own-kernel.ts';

/** Which activation. */
export interface ActivationAttributes {
  readonly activation: Exclude<Activation, 'none'>;
}

/** As in `assembly/activation.ts`. */
const CODES: Readonly<Record<ActivationAttributes['activation'], number>> = { relu: 1, gelu: 2, silu: 3 };

/** `{ x }` -> `[y]` */
export const activate: OwnKernel<ActivationAttributes> = (engine, { x }, { activation }) => {
  const y = engine.output(x.shape);
  engine.kernels.activate(engine.address(y), engine.address(x), util.sizeFromShape(x.shape), CODES[activation]);
  return [y];
};

/** `{ x, dy }` -> `[dx]` */
export const activateGradient: OwnKernel<ActivationAttributes> = (engine, { x, dy }, { activation }) => {
  const dx = engine.output(x.shape);
  const [to, at, from] = [dx, x, dy].map(engine.address);
  engine.kernels.activateGradient(to, at, from, util.sizeFromShape(x.shape), CODES[activation]);
  return [dx];
};
