/** Layer normalization of a vector, or of each position of a sequence. */
import type { LayerNormSpec } from '../../../../format/index.ts';
import type { OnnxLayer } from './layer.ts';

export const layerNorm: OnnxLayer<LayerNormSpec> = ({ graph, weights }, spec, name, { kind, value }) => {
  const [weight, bias] = [`${name}.weight`, `${name}.bias`].map((tensor) =>
    graph.constant(tensor, { shape: [spec.hiddenSize], data: weights.float(tensor) }),
  );
  const attributes = { axis: { int: -1 }, epsilon: { float: spec.epsilon } };
  return { kind, value: graph.node(name, 'LayerNormalization', [value, weight, bias], attributes) };
};
