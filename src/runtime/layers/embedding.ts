/** Embedding: one row of a table a token. */
import type { EmbeddingSpec } from '../../format/index.ts';
import { scaleName } from '../../format/index.ts';
import type { Plan } from '../plan.ts';
import type { LayerPlanner } from './layer.ts';

/** Offsets of an int8 table in the arena. */
export interface QuantizedTable {
  readonly table: number;
  readonly scales: number;
}

/** Places an int8 embedding table. */
export function placeTable(plan: Plan, name: string): QuantizedTable {
  return { table: plan.tensor(`${name}.weight`), scales: plan.tensor(scaleName(`${name}.weight`)) };
}

/** Plans `tokens -> sequence`. */
export const planEmbedding: LayerPlanner<EmbeddingSpec> = (plan, { hiddenSize }, name, ids) => {
  const output = plan.acquireFlow('sequence', hiddenSize);
  if (plan.isFloat) {
    const table = plan.tensor(`${name}.weight`);
    return {
      output,
      steps: [(kernels, count) => kernels.gatherFloat32(output.offset, ids.offset, count, table, hiddenSize)],
    };
  }
  const { table, scales } = placeTable(plan, name);
  return {
    output,
    steps: [(kernels, count) => kernels.gatherInt8(output.offset, ids.offset, count, table, scales, hiddenSize)],
  };
};
