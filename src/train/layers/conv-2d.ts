/** 2-d convolution: a product with every patch, which is copied out as the runtime does. */
import type * as tf from '@tensorflow/tfjs-core';
import { type Conv2dSpec, patchArea } from '../../format/index.ts';
import { activate } from '../ops/elementwise.ts';
import { gatherRows } from '../ops/gather-rows.ts';
import { linear } from '../ops/linear.ts';
import { reshape } from '../ops/reshape.ts';
import type { ImageFlow, TrainableLayer } from './layer.ts';
import { patchesOf } from './patches.ts';

/** Weights start normal so that activations keep their variance, as those of `dense`; biases at 0. */
export const conv2d: TrainableLayer<Conv2dSpec> = {
  initialize({ inputChannels, outputChannels, kernelSize, activation }, random) {
    const inputs = kernelSize ** 2 * inputChannels;
    const gain = activation === 'none' ? 1 : 2; // He et al. 2015, arXiv:1502.01852
    return {
      weight: random.normals(outputChannels * inputs, Math.sqrt(gain / inputs)),
      bias: new Float32Array(outputChannels),
    };
  },
  forward(spec, parameters, input, { batch: { batch } }) {
    const { inputChannels, outputChannels, kernelSize, activation } = spec;
    const inputs = kernelSize ** 2 * inputChannels;
    const { values, area } = input as ImageFlow;
    const pixels = patchesOf(spec, area, batch);
    const patches = reshape<tf.Tensor2D>(gatherRows(values, pixels), [pixels.length / kernelSize ** 2, inputs]);
    const weight = reshape<tf.Tensor2D>(parameters.tensor('weight'), [outputChannels, inputs]);
    const sums = linear(patches, weight, parameters.tensor('bias'));
    return { kind: 'image', values: activate(sums, activation), area: patchArea(spec, area) };
  },
};
