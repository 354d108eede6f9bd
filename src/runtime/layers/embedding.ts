/** Embedding: one row of a table a token. */
import { decodeFloat16, type EmbeddingSpec, INT4_GROUP_SIZE, scaleName, unpackInt4 } from '../../format/index.ts';
import { floatKernels } from '../plan.ts';
import type { LayerPlanner } from './layer.ts';

/** Plans `tokens -> sequence`. */
export const planEmbedding: LayerPlanner<EmbeddingSpec> = (plan, { hiddenSize }, name, ids) => {
  const output = plan.acquireFlow('sequence', hiddenSize);
  const { offset: out } = output;
  const { data, dtype } = plan.tensors.get(`${name}.weight`)!;
  // A table in int4 is one in int8 that has a row a group.
  const isInt4 = dtype === 'U8';
  const width = isInt4 ? INT4_GROUP_SIZE : hiddenSize;
  const table = plan.rowsOf(isInt4 ? unpackInt4(data as Uint8Array) : data, width);
  if (plan.isFloat) {
    return {
      output,
      steps: [(kernels, count) => floatKernels(kernels).gatherFloat32(out, ids.offset, count, table, width)],
    };
  }
  const { data: scale } = plan.tensors.get(scaleName(`${name}.weight`))!;
  const scales = plan.constant(isInt4 ? decodeFloat16(scale as Int16Array) : scale);
  const groups = hiddenSize / width;
  let rows = ids.offset;
  if (groups > 1) {
    rows = plan.acquire(4 * groups * plan.maxTokens);
    plan.release(rows);
  }
  return {
    output,
    steps: [
      (kernels, count) => {
        if (groups > 1) kernels.groupIds(rows, ids.offset, count, groups);
        kernels.gatherInt8(out, rows, count * groups, table, scales, width);
      },
    ],
  };
};
