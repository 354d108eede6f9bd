/** Mean over the tokens, weighted by their ids; zeros where the weights add up to 0. */
import type { WeightedMeanSpec } from '../../../../format/index.ts';
import type { OnnxLayer } from './layer.ts';
import { weightedSum } from './weighted-sum.ts';

export const weightedMean: OnnxLayer<WeightedMeanSpec> = (context, { vocabSize }, name, { value }) => {
  const { graph, weights, mask } = context;
  // What reads a sequence stands behind one text.
  const ids = context.ids!;
  const data = weights.float(`${name}.weight`);
  const table = graph.constant(`${name}.weight`, { shape: [vocabSize], data });
  const looked = graph.node(name, 'Gather', [table, ids]);
  const row = mask === null ? looked : graph.node(name, 'Where', [mask, looked, graph.scalar(0)]);
  const sum = weightedSum(graph, name, row, value);
  const total = graph.node(name, 'ReduceSum', [row, graph.integers([1])], { keepdims: { int: 1 } });
  const isPositive = graph.node(name, 'Greater', [total, graph.scalar(0)]);
  const divisor = graph.node(name, 'Where', [isPositive, total, graph.scalar(1)]);
  return { kind: 'vector', value: graph.node(name, 'Div', [sum, divisor]) };
};
