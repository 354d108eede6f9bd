/** Mean over tokens, weighted by the softmax of their products with one trained vector. */
import type * as tf from '@tensorflow/tfjs-core';
import type { AttentionPoolSpec } from '../../format/index.ts';
import { queryWeights } from '../ops/query-weights.ts';
import { weightedMean } from '../ops/weighted-mean.ts';
import { PADDING_ID } from '../token-batch.ts';
import { type TrainableLayer, valuesOf } from './layer.ts';

/** The vector starts at 0: a plain mean. */
export const attentionPool: TrainableLayer<AttentionPoolSpec> = {
  initialize: ({ hiddenSize }) => ({ query: new Float32Array(hiddenSize) }),
  forward(_, parameters, input, { batch }) {
    const { values } = valuesOf(input, batch);
    const weights = queryWeights(values, parameters.tensor<tf.Tensor1D>('query'), batch);
    // Each position has a weight of its own, as if it were an id.
    const ids = batch.ids.map((id, position) => (id === PADDING_ID ? PADDING_ID : position));
    return { kind: 'vector', values: weightedMean(values, weights, { ...batch, ids }, 'position') };
  },
};
