/** Weighted mean over the tokens. */
import type { WeightedMeanSpec } from '../../format/index.ts';
import type { LayerPlanner } from './layer.ts';

/** Plans `sequence -> vector`. */
export const planWeightedMean: LayerPlanner<WeightedMeanSpec> = (plan, _spec, name, { offset, width }, { ids }) => {
  const output = plan.acquireFlow('vector', width);
  const weights = plan.placeTensor(`${name}.weight`);
  return {
    output,
    steps: [(kernels, count) => kernels.weightedMean(output.offset, offset, ids.offset, weights, count, width)],
  };
};
