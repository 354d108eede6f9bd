/** Self-attention of several heads: the layer before projects query, key and value. */
import type { AttentionSpec } from '../../format/index.ts';
import { attentionScratchBytes } from '../kernels/kernels.ts';
import { type Flowing, type Plan, rowsAt } from '../plan.ts';
import type { LayerPlanner, PlannedLayer } from './layer.ts';

/**
 * Plans attention to all tokens, of each of them, or of one query where `output` is a vector. Queries, keys and values
 * begin at `q`, `k` and `v`, in rows of `stride` elements.
 */
export function planAttend(
  plan: Plan,
  output: Flowing,
  q: number,
  k: number,
  v: number,
  heads: number,
  size: number,
  stride: number,
  scale: number,
): PlannedLayer {
  const scratch = plan.acquire(attentionScratchBytes(plan.maxTokens, size));
  plan.release(scratch);
  return {
    output,
    steps: [
      (kernels, count) =>
        kernels.attention(output.offset, q, k, v, scratch, rowsAt(output, count), count, heads, size, stride, scale),
    ],
  };
}

/** Plans `[count, 3 * hiddenSize]` -> `[count, hiddenSize]`. */
export const planAttention: LayerPlanner<AttentionSpec> = (plan, { hiddenSize, heads }, _name, input) => {
  const size = hiddenSize / heads;
  const [q, k, v] = [0, 1, 2].map((part) => input.offset + 4 * part * hiddenSize);
  const scale = Math.fround(1 / Math.fround(Math.sqrt(size)));
  return planAttend(plan, plan.acquireFlow(input.kind, hiddenSize), q, k, v, heads, size, 3 * hiddenSize, scale);
};
