/** Layer normalization. */
import type { LayerNormSpec } from '../../format/index.ts';
import { rowsAt } from '../plan.ts';
import type { LayerPlanner } from './layer.ts';

/** Plans the normalization of a vector, or of each position of a sequence. */
export const planLayerNorm: LayerPlanner<LayerNormSpec> = (plan, { hiddenSize, epsilon }, name, input) => {
  const output = plan.acquireFlow(input.kind, hiddenSize);
  const weight = plan.placeTensor(`${name}.weight`);
  const bias = plan.placeTensor(`${name}.bias`);
  return {
    output,
    steps: [
      (kernels, count) =>
        kernels.layerNorm(output.offset, input.offset, weight, bias, rowsAt(input, count), hiddenSize, epsilon),
    ],
  };
};
