/**
 * Texts of one label each, from a sentence encoder with a head fitted on them, to a student with attention and one with
 * convolutions:
 *
 *   RETORT_DATA=trec6 npx retort distill examples/classify --seeds 3
 *
 * RETORT_DATA is a folder with train.jsonl, test.jsonl and perhaps dev.jsonl, whose rows have `text` and `label`; without
 * dev.jsonl a tenth of train becomes dev, by content hash.
 */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { defineConfig } from 'retort-edge/train';

const { RETORT_DATA } = process.env;
if (RETORT_DATA === undefined) {
  throw new Error("RETORT_DATA: expected a folder, got nothing; set it as the example's head says");
}
const folder = resolve(RETORT_DATA);
const dev = join(folder, 'dev.jsonl');

export default defineConfig({
  name: basename(folder),
  data: {
    train: join(folder, 'train.jsonl'),
    ...(existsSync(dev) ? { dev } : { devShare: 0.1 }),
    test: join(folder, 'test.jsonl'),
  },
  teacher: { kind: 'universal-sentence-encoder' },
  students: [
    { family: 'transformer', training: { epochs: 16 } },
    { family: 'conv', training: { epochs: 16 } },
  ],
  baselines: false,
  outDir: `../../out/${basename(folder)}`,
  cacheDir: '../../out/cache',
});
