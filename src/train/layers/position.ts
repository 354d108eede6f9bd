/** One trained row a place, added to the token there. */
import type * as tf from '@tensorflow/tfjs-core';
import type { PositionSpec } from '../../format/index.ts';
import { sum } from '../ops/elementwise.ts';
import { gatherRows } from '../ops/gather-rows.ts';
import { PADDING_ID } from '../token-batch.ts';
import { type TrainableLayer, valuesOf } from './layer.ts';

/** Rows start normal with half the length of a token's, so that what stands there counts for more than where. */
export const position: TrainableLayer<PositionSpec> = {
  initialize: ({ maxTokens, hiddenSize }, random) => ({
    weight: random.normals(maxTokens * hiddenSize, 0.5 / Math.sqrt(hiddenSize)),
  }),
  forward(_, parameters, input, { batch }) {
    const { values } = valuesOf(input, batch);
    const places = batch.ids.map((id, i) => (id === PADDING_ID ? PADDING_ID : i % batch.length));
    return { kind: 'sequence', values: sum(values, gatherRows(parameters.tensor<tf.Tensor2D>('weight'), places)) };
  },
};
