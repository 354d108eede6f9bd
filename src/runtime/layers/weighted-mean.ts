/** Weighted mean over the tokens; right after an int8 embedding the two run as one, with the same bits. */
import type { EmbeddingSpec, WeightedMeanSpec } from '../../format/index.ts';
import type { Flowing, Plan } from '../plan.ts';
import { placeTable } from './embedding.ts';
import type { PlannedLayer } from './layer.ts';

/** Plans `sequence -> vector`; `ids` are the tokens that the sequence came from. */
export function planWeightedMean(
  plan: Plan,
  _spec: WeightedMeanSpec,
  name: string,
  input: Flowing,
  ids: Flowing,
): PlannedLayer {
  const output = plan.acquireFlow('vector', input.width);
  const weights = plan.tensor(`${name}.weight`);
  return {
    output,
    steps: [
      (kernels, count) => kernels.weightedMean(output.offset, input.offset, ids.offset, weights, count, input.width),
    ],
  };
}

/** Plans an int8 embedding and the weighted mean behind it, `tokens -> vector`, without a sequence in memory. */
export function planEmbeddingMean(
  plan: Plan,
  { hiddenSize }: EmbeddingSpec,
  embeddingName: string,
  meanName: string,
  ids: Flowing,
): PlannedLayer {
  const output = plan.acquireFlow('vector', hiddenSize);
  const { table, scales } = placeTable(plan, embeddingName);
  const weights = plan.tensor(`${meanName}.weight`);
  return {
    output,
    steps: [
      (kernels, count) => kernels.gatherMeanInt8(output.offset, ids.offset, weights, count, table, scales, hiddenSize),
    ],
  };
}
