/**
 * A project of one's own: mails to a shop, 24 of 500 training rows labelled, dev and test in files beside them.
 *
 *   npx retort distill examples/own-data
 *
 * Copy the folder and put your own rows in: what a run makes lies in `out` beside the config.
 */
import { defineConfig } from 'retort-edge/train';

export default defineConfig({
  name: 'messages',
  data: { train: 'messages.csv', dev: 'dev.csv', test: 'test.csv' },
});
