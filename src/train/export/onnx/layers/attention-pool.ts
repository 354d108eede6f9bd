/** Mean over the tokens, weighted by the softmax of their products with one learned query; zeros where a text has none. */
import type { AttentionPoolSpec } from '../../../../format/index.ts';
import type { OnnxLayer } from './layer.ts';
import { tokenWeights } from './token-weights.ts';
import { weightedSum } from './weighted-sum.ts';

export const attentionPool: OnnxLayer<AttentionPoolSpec> = (context, { hiddenSize }, name, { value }) => {
  const { graph, weights, mask } = context;
  const query = graph.constant(`${name}.query`, { shape: [hiddenSize], data: weights.float(`${name}.query`) });
  const softmax = tokenWeights(context, name, graph.node(name, 'MatMul', [value, query]), []);
  // The softmax of a text without tokens is over what stands behind it.
  const row = mask === null ? softmax : graph.node(name, 'Where', [mask, softmax, graph.scalar(0)]);
  return { kind: 'vector', value: weightedSum(graph, name, row, value) };
};
