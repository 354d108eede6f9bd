/** Residual connection: the chain inside it is planned while its input is kept. */
import type { ResidualSpec } from '../../format/index.ts';
import { rowsAt } from '../plan.ts';
import type { LayerPlanner } from './layer.ts';

/** Plans `f(x) + x`. */
export const planResidual: LayerPlanner<ResidualSpec> = (_plan, { layers }, name, input, { planChain }) => {
  const { steps, output } = planChain(layers, name, input);
  return {
    output,
    steps: [...steps, (kernels, count) => kernels.add(output.offset, input.offset, rowsAt(input, count), input.width)],
  };
};
