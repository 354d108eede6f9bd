/** What two texts have in common. The batch has the first text of every pair, then the second of every pair. */
import type { PairFeaturesSpec } from '../../format/index.ts';
import { pairFeatures as join } from '../ops/pair-features.ts';
import { type TrainableLayer, valuesOf } from './layer.ts';

/** Has no parameters. */
export const pairFeatures: TrainableLayer<PairFeaturesSpec> = {
  initialize: () => ({}),
  forward: (_, __, input, { batch }) => ({ kind: 'vector', values: join(valuesOf(input, batch).values) }),
};
