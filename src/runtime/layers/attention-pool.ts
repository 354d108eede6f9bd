/** Attention pooling over the tokens: one learned query of one head, whose keys and values are the tokens themselves. */
import type { AttentionPoolSpec } from '../../format/index.ts';
import { alignedWidth } from '../../format/index.ts';
import { planAttend } from './attention.ts';
import type { LayerPlanner } from './layer.ts';

/** Plans `sequence -> vector`. */
export const planAttentionPool: LayerPlanner<AttentionPoolSpec> = (plan, { hiddenSize }, name, { offset: x }) => {
  const query = plan.placeTensor(`${name}.query`);
  return planAttend(
    plan,
    plan.acquireFlow('vector', hiddenSize),
    query,
    x,
    x,
    1,
    hiddenSize,
    alignedWidth(hiddenSize),
    1,
  );
};
