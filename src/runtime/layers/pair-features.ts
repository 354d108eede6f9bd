/** What two texts have in common: their vectors, the distance and the product of these, side by side. */
import type { PairFeaturesSpec } from '../../format/index.ts';
import type { LayerPlanner } from './layer.ts';

/**
 * Plans `vector -> vector` of four times the width. Its step runs after each text of a pair; what it writes holds after
 * the second one. Nothing else may lie where it writes, so it is no room that is given back.
 */
export const planPairFeatures: LayerPlanner<PairFeaturesSpec> = (plan, { hiddenSize }, _name, input) => {
  const offset = plan.constant(new Float32Array(4 * hiddenSize));
  return {
    output: { kind: 'vector', width: 4 * hiddenSize, offset },
    steps: [(kernels) => kernels.pairFeatures(offset, input.offset, hiddenSize)],
  };
};
