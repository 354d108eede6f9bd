/** `activation(x W^T + b)`. */
import type { DenseSpec } from '../../../../format/index.ts';
import { activate } from './activation.ts';
import type { OnnxLayer } from './layer.ts';
import { product } from './product.ts';

export const dense: OnnxLayer<DenseSpec> = (context, spec, name, { kind, value }) => {
  const { graph, weights } = context;
  const data = weights.float(`${name}.bias`);
  const bias = graph.constant(`${name}.bias`, { shape: [spec.outputSize], data });
  const sum = graph.node(name, 'Add', [product(context, name, `${name}.weight`, value, spec), bias]);
  return { kind, value: activate(graph, name, spec.activation, sum) };
};
