/**
 * What int8 costs: the quickstart's students against their own float weights, on more mails than the quickstart tests
 * on, since a thousandth is less than one mail of 600.
 *
 *   npx retort distill examples/quickstart/quantization.config.ts --seeds 3
 */
import { defineConfig } from 'retort-edge/train';
import { LABELLED, loadMails } from './mails.ts';
import quickstart from './retort.config.ts';

const TEST_MAILS = 1500;

export default defineConfig({
  ...quickstart,
  name: 'quantization',
  data: ({ cacheDir, seed }) => loadMails(cacheDir, LABELLED, seed, TEST_MAILS),
  outDir: '../../out/quantization',
  baselines: false,
});
