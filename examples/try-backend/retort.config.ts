/**
 * A run of two seconds that trains a teacher and both families, to see whether a backend works:
 *
 *   npx retort distill examples/try-backend --backend wasm
 *
 * The models are far too small to be of use.
 */
import { defineConfig } from 'retort-edge/train';

const tiny = { hiddenSize: 8, maxTokens: 64 };

export default defineConfig({
  name: 'try-backend',
  data: { train: '../own-data/messages.csv', dev: '../own-data/dev.csv', test: '../own-data/test.csv' },
  teacher: {
    kind: 'scratch',
    ...tiny,
    charNgrams: null,
    buckets: 512,
    perceptronSize: 8,
    training: { epochs: 4, stepsPerEpoch: 10 },
  },
  students: [
    { family: 'static', ...tiny, buckets: 512, perceptronSize: 8, training: { epochs: 4, stepsPerEpoch: 10 } },
    { family: 'conv', ...tiny, maxPieces: 300, training: { epochs: 4, stepsPerEpoch: 10 } },
  ],
  baselines: false,
  outDir: '../../out/try-backend',
  cacheDir: '../../out/cache',
});
