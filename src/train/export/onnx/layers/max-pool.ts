/** Largest value of each channel over the tokens; zeros where a text has none. */
import type { MaxPoolSpec } from '../../../../format/index.ts';
import type { OnnxLayer } from './layer.ts';
import { maskedBy } from './mask.ts';

export const maxPool: OnnxLayer<MaxPoolSpec> = (context, _spec, name, { value }) => {
  const { graph, mask } = context;
  const present = maskedBy(context, name, value, Number.NEGATIVE_INFINITY);
  const largest = graph.node(name, 'ReduceMax', [present], { axes: { ints: [1] }, keepdims: { int: 0 } });
  if (mask === null) return { kind: 'vector', value: largest };
  const isEmpty = graph.node(name, 'IsInf', [largest], { detect_positive: { int: 0 } });
  return { kind: 'vector', value: graph.node(name, 'Where', [isEmpty, graph.scalar(0), largest]) };
};
