/** `activation(x W^T + b)`. */
import type * as tf from '@tensorflow/tfjs-core';
import type { DenseSpec } from '../../format/index.ts';
import { activate } from '../ops/elementwise.ts';
import { linear } from '../ops/linear.ts';
import { type TrainableLayer, valuesOf } from './layer.ts';

/** Weights start normal so that activations keep their variance: 2 / inputs where half of them are cut, else 1 / inputs. */
export const dense: TrainableLayer<DenseSpec> = {
  initialize({ inputSize, outputSize, activation }, random) {
    const gain = activation === 'none' ? 1 : 2; // He et al. 2015, arXiv:1502.01852
    return {
      weight: random.normals(outputSize * inputSize, Math.sqrt(gain / inputSize)),
      bias: new Float32Array(outputSize),
    };
  },
  forward({ activation }, parameters, input, { batch }) {
    const { kind, values } = valuesOf(input, batch);
    const weight = parameters.tensor<tf.Tensor2D>('weight');
    return { kind, values: activate(linear(values, weight, parameters.tensor('bias')), activation) };
  },
};
