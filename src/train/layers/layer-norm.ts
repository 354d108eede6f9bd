/** Layer normalization of each vector. */
import type { LayerNormSpec } from '../../format/index.ts';
import { layerNorm as normalize } from '../ops/layer-norm.ts';
import { type TrainableLayer, valuesOf } from './layer.ts';

/** Starts as plain normalization: weights 1, biases 0. */
export const layerNorm: TrainableLayer<LayerNormSpec> = {
  initialize: ({ hiddenSize }) => ({
    weight: new Float32Array(hiddenSize).fill(1),
    bias: new Float32Array(hiddenSize),
  }),
  forward({ epsilon }, parameters, input, { batch }) {
    const { kind, values } = valuesOf(input, batch);
    return { kind, values: normalize(values, parameters.tensor('weight'), parameters.tensor('bias'), epsilon) };
  },
};
