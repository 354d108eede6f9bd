/** Self-attention of several heads in F32: query, key and value were projected by the layer before. */
import type { AttentionSpec } from '../../format/index.ts';
import { attentionScratchBytes } from '../kernels/kernels.ts';
import type { LayerPlanner } from './layer.ts';

/** Plans `[count, 3 * hiddenSize]` -> `[count, hiddenSize]`. */
export const planAttention: LayerPlanner<AttentionSpec> = (plan, { hiddenSize, heads }, _name, input) => {
  const size = hiddenSize / heads;
  const scale = Math.fround(1 / Math.fround(Math.sqrt(size)));
  const output = plan.acquireFlow(input.kind, hiddenSize);
  const scratch = plan.acquire(attentionScratchBytes(plan.maxTokens, size));
  plan.release(scratch);
  const [q, k, v] = [0, 1, 2].map((part) => input.offset + 4 * part * hiddenSize);
  return {
    output,
    steps: [
      (kernels, count) =>
        kernels.attention(output.offset, q, k, v, scratch, count, count, heads, size, 3 * hiddenSize, scale),
    ],
  };
};
