/** Mean over the tokens, weighted by their ids; zeros where the weights add up to 0. */
import type { WeightedMeanSpec } from '../../../../format/index.ts';
import type { OnnxLayer } from './layer.ts';

export const weightedMean: OnnxLayer<WeightedMeanSpec> = (context, { vocabSize }, name, { value }) => {
  const { graph, weights, ids, mask } = context;
  const data = weights.float(`${name}.weight`);
  const table = graph.constant(`${name}.weight`, { shape: [vocabSize], data });
  const looked = graph.node(name, 'Gather', [table, ids]);
  const row = mask === null ? looked : graph.node(name, 'Where', [mask, looked, graph.scalar(0)]);
  // A product of [1, sequence] and [sequence, width] a text leaves no weighted sequence in memory.
  const axis = graph.integers([1]);
  const sums = graph.node(name, 'MatMul', [graph.node(name, 'Unsqueeze', [row, axis]), value]);
  const sum = graph.node(name, 'Squeeze', [sums, axis]);
  const total = graph.node(name, 'ReduceSum', [row, axis], { keepdims: { int: 1 } });
  const isPositive = graph.node(name, 'Greater', [total, graph.scalar(0)]);
  const divisor = graph.node(name, 'Where', [isPositive, total, graph.scalar(1)]);
  return { kind: 'vector', value: graph.node(name, 'Div', [sum, divisor]) };
};
