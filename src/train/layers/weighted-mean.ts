/**
 * Mean over tokens with one weight an id. What is trained is the logarithm of the weight: it is free to take any value,
 * the weight stays positive, and a step multiplies, which suits weights that differ by orders of magnitude between
 * common and rare tokens (compare smooth inverse frequency, Arora et al. 2017).
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { WeightedMeanSpec } from '../../format/index.ts';
import { exponential } from '../ops/elementwise.ts';
import { weightedMean as meanOfRows } from '../ops/weighted-mean.ts';
import { type TrainableLayer, valuesOf } from './layer.ts';

/** All weights start at 1, a plain mean. */
export const weightedMean: TrainableLayer<WeightedMeanSpec> = {
  initialize: ({ vocabSize }) => ({ weight: new Float32Array(vocabSize) }),
  forward(_, parameters, input, { batch }) {
    const weights = exponential(parameters.tensor<tf.Tensor1D>('weight'));
    const values =
      input.kind === 'lookup'
        ? meanOfRows(input.table, weights, batch, 'id')
        : meanOfRows(valuesOf(input, batch).values, weights, batch, 'position');
    return { kind: 'vector', values };
  },
  exported: (values) => values.map(Math.exp),
};
