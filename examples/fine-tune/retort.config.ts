/**
 * Fine-tunes an encoder on labelled texts and measures it on test:
 *
 *   RETORT_MODEL=all-MiniLM-L6-v2 RETORT_DATA=trec6 npx retort label --fit examples/fine-tune
 *
 * RETORT_MODEL is a Hugging Face directory (config.json, tokenizer.json, model.safetensors). RETORT_DATA is a folder with
 * train.jsonl, test.jsonl and perhaps dev.jsonl, whose rows have `text` and `label`; without dev.jsonl a tenth of train
 * becomes dev, by content hash. RETORT_SEED, RETORT_EPOCHS, RETORT_LEARNING_RATE and RETORT_LAYERS change the run, and
 * `npx retort distill examples/fine-tune` goes on to students.
 */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { defineConfig } from 'retort-edge/train';

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name}: expected a folder, got nothing; set it as the example's head says`);
  return resolve(value);
}

const { RETORT_SEED = '0', RETORT_EPOCHS = '3', RETORT_LEARNING_RATE = '1e-4', RETORT_LAYERS = 'all' } = process.env;
const data = setting('RETORT_DATA');
const dev = join(data, 'dev.jsonl');

export default defineConfig({
  name: `fine-tune-${basename(data)}`,
  data: {
    train: join(data, 'train.jsonl'),
    ...(existsSync(dev) ? { dev } : { devShare: 0.1 }),
    test: join(data, 'test.jsonl'),
  },
  teacher: {
    kind: 'encoder',
    directory: setting('RETORT_MODEL'),
    fineTune: {
      layers: RETORT_LAYERS === 'all' || RETORT_LAYERS === 'head' ? RETORT_LAYERS : Number(RETORT_LAYERS),
      epochs: Number(RETORT_EPOCHS),
      learningRate: Number(RETORT_LEARNING_RATE),
    },
  },
  seeds: [Number(RETORT_SEED)],
  outDir: `../../out/fine-tune-${basename(data)}`,
  cacheDir: '../../out/cache',
});
