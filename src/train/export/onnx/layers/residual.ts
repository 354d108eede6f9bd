/** `f(x) + x`. */
import type { ResidualSpec } from '../../../../format/index.ts';
import type { OnnxLayer } from './layer.ts';

export const residual: OnnxLayer<ResidualSpec> = (context, { layers }, name, input) => {
  const change = context.chain(context, layers, name, input);
  return { kind: input.kind, value: context.graph.node(name, 'Add', [change.value, input.value]) };
};
