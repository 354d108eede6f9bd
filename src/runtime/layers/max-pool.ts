/** Max pooling over the tokens. */
import type { MaxPoolSpec } from '../../format/index.ts';
import type { LayerPlanner } from './layer.ts';

/** Plans `sequence -> vector`. */
export const planMaxPool: LayerPlanner<MaxPoolSpec> = (plan, _spec, _name, input) => {
  const output = plan.acquireFlow('vector', input.width);
  return {
    output,
    steps: [(kernels, count) => kernels.maxPool(output.offset, input.offset, count, input.width)],
  };
};
