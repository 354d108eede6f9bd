/** Position embedding: the row of its place is added to each token's vector. */
import type { PositionSpec } from '../../format/index.ts';
import { planEmbedding } from './embedding.ts';
import type { LayerPlanner } from './layer.ts';

/** Plans `sequence -> sequence`: the rows of the places are looked up as those of ids are. */
export const planPosition: LayerPlanner<PositionSpec> = (plan, { maxTokens, hiddenSize }, name, input, chain) => {
  const offset = plan.constant(Int32Array.from({ length: maxTokens }, (_, place) => place));
  const table = { kind: 'embedding', vocabSize: maxTokens, hiddenSize } as const;
  const { output, steps } = planEmbedding(plan, table, name, { kind: 'tokens', offset, width: maxTokens }, chain);
  return {
    output,
    steps: [...steps, (kernels, count) => kernels.add(output.offset, input.offset, count, hiddenSize)],
  };
};
