/** Largest value of each channel over the tokens; an empty text gives zeros. */
import type { MaxPoolSpec } from '../../format/index.ts';
import { sequenceMax } from '../ops/sequence-max.ts';
import { type TrainableLayer, valuesOf } from './layer.ts';

/** Has no parameters. */
export const maxPool: TrainableLayer<MaxPoolSpec> = {
  initialize: () => ({}),
  forward: (_, __, input, { batch }) => ({
    kind: 'vector',
    values: sequenceMax(valuesOf(input, batch).values, batch),
  }),
};
