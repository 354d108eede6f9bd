/**
 * What the feature loss of `conv` is worth: the quickstart's `conv` with it and without it, everything else alike.
 *
 *   npx retort distill examples/quickstart/feature-loss.config.ts --seeds 3
 */
import { defineConfig } from 'retort-edge/train';
import quickstart from './retort.config.ts';

export default defineConfig({
  ...quickstart,
  name: 'feature-loss',
  outDir: '../../out/feature-loss',
  baselines: false,
  students: [
    { family: 'conv', name: 'conv' },
    { family: 'conv', name: 'conv-without-features', training: { features: [] } },
  ],
});
