/** Largest value of each channel in squares of an image. */
import { type MaxPool2dSpec, patchArea } from '../../../../format/index.ts';
import type { OnnxLayer } from './layer.ts';

export const maxPool2d: OnnxLayer<MaxPool2dSpec> = ({ graph }, spec, name, { kind, value, area }) => {
  const { kernelSize, stride } = spec;
  const attributes = { kernel_shape: { ints: [kernelSize, kernelSize] }, strides: { ints: [stride, stride] } };
  return { kind, value: graph.node(name, 'MaxPool', [value], attributes), area: patchArea(spec, area!) };
};
