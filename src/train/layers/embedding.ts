/** One trained row a token id. */
import type { EmbeddingSpec } from '../../format/index.ts';
import type { TrainableLayer } from './layer.ts';

/** Rows start normal with a length of about 1, whatever their width. */
export const embedding: TrainableLayer<EmbeddingSpec> = {
  initialize: ({ vocabSize, hiddenSize }, random) => ({
    weight: random.normals(vocabSize * hiddenSize, 1 / Math.sqrt(hiddenSize)),
  }),
  forward: (_, parameters) => ({ kind: 'lookup', table: parameters.tensor('weight') }),
};
