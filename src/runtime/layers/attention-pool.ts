/** Attention pooling over the tokens: one learned query of one head, whose keys and values are the tokens themselves. */
import type { AttentionPoolSpec } from '../../format/index.ts';
import { alignedWidth } from '../../format/index.ts';
import { attentionScratchBytes } from '../kernels/kernels.ts';
import type { LayerPlanner } from './layer.ts';

/** Plans `sequence -> vector`. */
export const planAttentionPool: LayerPlanner<AttentionPoolSpec> = (plan, { hiddenSize }, name, input) => {
  const output = plan.acquireFlow('vector', hiddenSize);
  const query = plan.tensor(`${name}.query`);
  const scratch = plan.acquire(attentionScratchBytes(plan.maxTokens, hiddenSize));
  plan.release(scratch);
  const { offset: x } = input;
  const stride = alignedWidth(hiddenSize);
  return {
    output,
    steps: [
      (kernels, count) => kernels.attention(output.offset, query, x, x, scratch, 1, count, 1, hiddenSize, stride, 1),
    ],
  };
};
