/**
 * Mean over tokens with one weight an id. What is trained is the logarithm of the weight: it is free to take any value,
 * the weight stays positive, and a step multiplies, which suits weights that differ by orders of magnitude between
 * common and rare tokens (compare smooth inverse frequency, Arora et al. 2017).
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { WeightedMeanSpec } from '../../format/index.ts';
import { bagMean } from '../ops/bag-mean.ts';
import { exponential } from '../ops/elementwise.ts';
import { sequenceMean } from '../ops/sequence-mean.ts';
import { type TrainableLayer, valuesOf } from './layer.ts';

/** All weights start at 1, a plain mean. */
export const weightedMean: TrainableLayer<WeightedMeanSpec> = {
  initialize: ({ vocabSize }) => ({ weight: new Float32Array(vocabSize) }),
  forward(_, parameters, input, { batch }) {
    const weights = exponential(parameters.tensor<tf.Tensor1D>('weight'));
    const values =
      input.kind === 'lookup'
        ? bagMean(input.table, weights, batch)
        : sequenceMean(valuesOf(input, batch).values, weights, batch);
    return { kind: 'vector', values };
  },
  exported: (values) => values.map(Math.exp),
};
