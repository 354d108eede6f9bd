/** Depthwise convolution over the tokens of each text. */
import type { DepthwiseConvSpec } from '../../format/index.ts';
import { depthwiseConv as convolve } from '../ops/depthwise-conv.ts';
import { activate } from '../ops/elementwise.ts';
import { type TrainableLayer, valuesOf } from './layer.ts';

/** Weights start normal with variance 1 / kernelSize, biases at 0. */
export const depthwiseConv: TrainableLayer<DepthwiseConvSpec> = {
  initialize: ({ channels, kernelSize }, random) => ({
    weight: random.normals(channels * kernelSize, Math.sqrt(1 / kernelSize)),
    bias: new Float32Array(channels),
  }),
  forward({ activation }, parameters, input, { batch }) {
    const { values } = valuesOf(input, batch);
    const sums = convolve(values, parameters.tensor('weight'), parameters.tensor('bias'), batch);
    return { kind: 'sequence', values: activate(sums, activation) };
  },
};
