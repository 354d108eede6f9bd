/** `retort distill` on pairs and images, small ones. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Config } from '../../src/train/index.ts';
import { IMAGES, PAIRS } from '../support/input-datasets.ts';
import { retort } from '../support/retort.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { tinyEncoder } from '../support/tiny-encoders.ts';

const folder = temporaryFolder('distill-inputs');
const training = { epochs: 1, stepsPerEpoch: 4 };

it.each<[string, unknown, Pick<Config, 'teacher' | 'students'>, string]>([
  [
    'pairs',
    PAIRS,
    {
      teacher: { kind: 'encoder', directory: tinyEncoder('bert'), maxTokens: 16 },
      students: [{ family: 'static', buckets: 64, training }],
    },
    'static',
  ],
  [
    'images',
    IMAGES,
    {
      teacher: { kind: 'scratch', filters: [2], training },
      students: [{ family: 'image', filters: [2], training }],
    },
    'image',
  ],
])('of %s ends with what to do next, which the command does', async (name, dataset, models, student) => {
  const config = { name, backend: 'wasm', baselines: false, threads: 1, ...models };
  const source = `export default { ...${JSON.stringify(config)}, data: () => (${JSON.stringify(dataset)}) };`;
  const file = `${name}.config.mjs`;
  writeFileSync(join(folder, file), source);
  const { code, stdout, stderr } = await retort(['distill', file], { cwd: folder });
  expect(code, stderr).toBe(0);
  const [, next] = stdout.match(/\n\nLook at one: {2}npx retort (.*)\n$/)!;
  expect(next).toBe(`inspect out/${name}/${student}.safetensors`);
  expect((await retort(next.split(' '), { cwd: folder })).code).toBe(0);
});
