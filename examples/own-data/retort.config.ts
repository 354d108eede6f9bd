/** The least that a run needs: a CSV with a text and, on some rows, a label. `npx retort distill examples/own-data` */
import { defineConfig } from 'retort-edge/train';

export default defineConfig({
  name: 'messages',
  data: { train: 'messages.csv' },
  outDir: '../../out/messages',
  cacheDir: '../../out/cache',
});
