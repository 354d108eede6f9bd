/** Depthwise convolution over the tokens, in F32 in either precision, as Retort computes it. */
import type { DepthwiseConvSpec } from '../../../../format/index.ts';
import { activate } from './activation.ts';
import type { OnnxLayer } from './layer.ts';
import { maskedBy } from './mask.ts';

/** ONNX has the channels before the positions. */
const SWAPPED = { perm: { ints: [0, 2, 1] } };

export const depthwiseConv: OnnxLayer<DepthwiseConvSpec> = (context, spec, name, input) => {
  const { graph, weights } = context;
  const { channels, kernelSize } = spec;
  const filters = { shape: [channels, 1, kernelSize], data: weights.float(`${name}.weight`) };
  const weight = graph.constant(`${name}.weight`, filters);
  const bias = graph.constant(`${name}.bias`, { shape: [channels], data: weights.float(`${name}.bias`) });
  const beside = (kernelSize - 1) / 2;
  const attributes = {
    group: { int: channels },
    kernel_shape: { ints: [kernelSize] },
    pads: { ints: [beside, beside] },
  };
  const columns = graph.node(name, 'Transpose', [maskedBy(context, name, input.value, 0)], SWAPPED);
  const sums = graph.node(name, 'Conv', [columns, weight, bias], attributes);
  const rows = graph.node(name, 'Transpose', [sums], SWAPPED);
  return { kind: input.kind, value: activate(graph, name, spec.activation, rows) };
};
