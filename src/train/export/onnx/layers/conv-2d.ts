/** 2-d convolution: in F32, or in integers with pixels that are quantized while they flow. */
import { type Conv2dSpec, patchArea } from '../../../../format/index.ts';
import type { Attributes } from '../graph.ts';
import { transposed } from '../weights.ts';
import { activate } from './activation.ts';
import { integerProduct } from './integer-product.ts';
import type { OnnxLayer } from './layer.ts';

export const conv2d: OnnxLayer<Conv2dSpec> = (context, spec, name, { kind, value, area }) => {
  const { graph, weights, precision } = context;
  const { inputChannels, outputChannels, kernelSize, stride } = spec;
  const written = patchArea(spec, area!);
  const attributes: Attributes = {
    kernel_shape: { ints: [kernelSize, kernelSize] },
    strides: { ints: [stride, stride] },
    pads: { ints: edges(spec, area!, written) },
  };
  const weight = `${name}.weight`;
  const shape = [outputChannels, inputChannels, kernelSize, kernelSize];
  // Beside every pixel of its channel.
  const column = [outputChannels, 1, 1];
  const bias = graph.constant(`${name}.bias`, { shape: column, data: weights.float(`${name}.bias`) });
  let products: string;
  if (precision === 'float') {
    const data = channelsFirst(weights.float(weight), spec);
    products = graph.node(name, 'Conv', [value, graph.constant(weight, { shape, data })], attributes);
  } else {
    const { values, scales } = weights.int8(weight);
    const matrix = { shape, values: channelsFirst(values, spec), scales, scaleShape: column };
    products = integerProduct(context, name, weight, value, matrix, { opType: 'ConvInteger', attributes });
  }
  const sums = graph.node(name, 'Add', [products, bias]);
  return { kind, value: activate(graph, name, spec.activation, sums), area: written };
};

/** Pixels that are added above, left, below and right; of an odd number the larger half comes behind. */
function edges(
  { kernelSize, stride, padding }: Conv2dSpec,
  area: readonly number[],
  written: readonly number[],
): readonly number[] {
  const missing = area.map((size, i) =>
    padding === 'valid' ? 0 : Math.max(0, (written[i] - 1) * stride + kernelSize - size),
  );
  return [...missing.map((pixels) => pixels >> 1), ...missing.map((pixels) => pixels - (pixels >> 1))];
}

/** `[outputChannels, height, width, inputChannels]` as `[outputChannels, inputChannels, height, width]`. */
function channelsFirst<T extends Float32Array | Int8Array>(
  weight: T,
  { inputChannels, outputChannels, kernelSize }: Conv2dSpec,
): T {
  const result = weight.slice() as T;
  const size = weight.length / outputChannels;
  for (let begin = 0; begin < weight.length; begin += size) {
    result.set(transposed(weight.subarray(begin, begin + size) as T, kernelSize ** 2, inputChannels), begin);
  }
  return result;
}
