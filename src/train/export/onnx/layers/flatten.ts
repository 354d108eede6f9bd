/** The values of an image as one vector, the channels of a pixel side by side. */
import type { FlattenSpec } from '../../../../format/index.ts';
import type { OnnxLayer } from './layer.ts';

export const flatten: OnnxLayer<FlattenSpec> = ({ graph }, _spec, name, { value }) => {
  const pixels = graph.node(name, 'Transpose', [value], { perm: { ints: [0, 2, 3, 1] } });
  return { kind: 'vector', value: graph.node(name, 'Flatten', [pixels], { axis: { int: 1 } }) };
};
