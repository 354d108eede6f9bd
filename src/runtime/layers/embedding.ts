/** Embedding: one row of a table a token. */
import { type EmbeddingSpec, scaleName } from '../../format/index.ts';
import { floatKernels } from '../plan.ts';
import type { LayerPlanner } from './layer.ts';

/** Plans `tokens -> sequence`. */
export const planEmbedding: LayerPlanner<EmbeddingSpec> = (plan, { hiddenSize }, name, ids) => {
  const output = plan.acquireFlow('sequence', hiddenSize);
  const { offset: out } = output;
  const table = plan.tensor(`${name}.weight`);
  if (plan.isFloat) {
    return {
      output,
      steps: [(kernels, count) => floatKernels(kernels).gatherFloat32(out, ids.offset, count, table, hiddenSize)],
    };
  }
  const scales = plan.tensor(scaleName(`${name}.weight`));
  return {
    output,
    steps: [(kernels, count) => kernels.gatherInt8(out, ids.offset, count, table, scales, hiddenSize)],
  };
};
