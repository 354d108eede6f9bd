/** The values of an image as one vector. */
import type { FlattenSpec } from '../../format/index.ts';
import { reshape } from '../ops/reshape.ts';
import type { ImageFlow, TrainableLayer } from './layer.ts';

/** Has no parameters. */
export const flatten: TrainableLayer<FlattenSpec> = {
  initialize: () => ({}),
  forward(_, __, input, { batch: { batch } }) {
    const { values } = input as ImageFlow;
    return { kind: 'vector', values: reshape(values, [batch, values.size / batch]) };
  },
};
