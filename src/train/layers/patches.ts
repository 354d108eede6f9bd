/** Layers that look at an image patch by patch: its pixels are copied out, as the runtime does. */
import type * as tf from '@tensorflow/tfjs-core';
import {
  type Area,
  type Conv2dSpec,
  type FlattenSpec,
  type MaxPool2dSpec,
  type PatchLayer,
  patchArea,
  patchPixels,
} from '../../format/index.ts';
import { activate } from '../ops/elementwise.ts';
import { gatherRows } from '../ops/gather-rows.ts';
import { linear } from '../ops/linear.ts';
import { reshape } from '../ops/reshape.ts';
import { sequenceMax } from '../ops/sequence-max.ts';
import { PADDING_ID } from '../token-batch.ts';
import type { Flow, TrainableLayer } from './layer.ts';

type ImageFlow = Extract<Flow, { readonly kind: 'image' }>;

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

/** Has no parameters. */
export const maxPool2d: TrainableLayer<MaxPool2dSpec> = {
  initialize: () => ({}),
  forward(spec, _, input, { batch: { batch } }) {
    const { values, area } = input as ImageFlow;
    const ids = patchesOf(spec, area, batch);
    const length = spec.kernelSize ** 2;
    const pooled = sequenceMax(gatherRows(values, ids), { batch: ids.length / length, length, ids });
    return { kind: 'image', values: pooled, area: patchArea(spec, area) };
  },
};

/** Has no parameters. */
export const flatten: TrainableLayer<FlattenSpec> = {
  initialize: () => ({}),
  forward(_, __, input, { batch: { batch } }) {
    const { values } = input as ImageFlow;
    return { kind: 'vector', values: reshape(values, [batch, values.size / batch]) };
  },
};

/** The pixels of the patches of all images of a batch, which lie one behind the other. */
function patchesOf(layer: PatchLayer, area: Area, batch: number): Int32Array {
  const one = patchPixels(layer, area);
  const pixels = area[0] * area[1];
  const all = new Int32Array(batch * one.length);
  for (let image = 0; image < batch; image++) {
    for (let i = 0; i < one.length; i++) {
      all[image * one.length + i] = one[i] < 0 ? PADDING_ID : image * pixels + one[i];
    }
  }
  return all;
}
