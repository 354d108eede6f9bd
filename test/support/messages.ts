/** A folder with 240 messages and the config of a small run over them. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../src/train/index.ts';

/** Two small students of three labels; a few seconds of labelling, and of training. */
export const MESSAGES_CONFIG: Config = {
  name: 'messages',
  data: { train: 'messages.csv' },
  backend: 'wasm',
  baselines: false,
  cacheDir: 'cache',
  outDir: 'out',
  students: [
    {
      family: 'static',
      buckets: 512,
      hiddenSize: 8,
      perceptronSize: 8,
      training: { epochs: 10, stepsPerEpoch: 10, learningRate: 0.01 },
    },
    { family: 'conv', hiddenSize: 8, blocks: 1, training: { epochs: 100, stepsPerEpoch: 4, learningRate: 0.01 } },
  ],
};

/** Puts data and `config`, as `retort.config.json`, into `folder`. */
export function writeMessages(folder: string, config: Config = MESSAGES_CONFIG): void {
  copyFileSync('test/support/messages.csv', join(folder, 'messages.csv'));
  writeFileSync(join(folder, 'retort.config.json'), JSON.stringify(config));
}
