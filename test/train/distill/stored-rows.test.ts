/** A run whose unlabelled rows have no room in memory is the run that has room for them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, type DistillationMetrics, distill, resolveConfig } from 'retort-edge/train';
import { beforeAll, describe, expect, it } from 'vitest';
import { MESSAGES_CONFIG, writeMessages } from '../../support/messages.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder('stored-rows');
const tiny = { hiddenSize: 8, training: { epochs: 2, stepsPerEpoch: 5 } };

async function run(outDir: string, maxUnlabelledInMemory?: number, more: Partial<Config> = {}) {
  const config: Config = {
    ...MESSAGES_CONFIG,
    data: { train: 'messages.csv', ...(maxUnlabelledInMemory === undefined ? {} : { maxUnlabelledInMemory }) },
    teacher: { kind: 'scratch', charNgrams: null, perceptronSize: 8, buckets: 512, ...tiny },
    students: [
      { family: 'static', perceptronSize: 8, buckets: 512, ...tiny },
      { family: 'conv', blocks: 1, maxPieces: 300, ...tiny },
    ],
    baselines: true,
    outDir,
    ...more,
  };
  return distill(resolveConfig(config, folder));
}

const scoresOf = ({ runs, dataset: { checksum, ...dataset } }: DistillationMetrics) => ({
  dataset,
  runs: JSON.parse(JSON.stringify(runs, (key, value) => (key === 'seconds' ? undefined : value))),
});

beforeAll(() => {
  writeMessages(folder);
  const file = join(folder, 'messages.csv');
  const lines = readFileSync(file, 'utf8').split('\n');
  // Two of three rows lose their label.
  writeFileSync(file, lines.map((line, i) => (i % 3 === 0 ? line : line.replace(/,\w+$/, ','))).join('\n'));
});

describe('a run with unlabelled rows on disk', () => {
  it('leaves the same students, and the same scores of everything they are compared with', async () => {
    const inMemory = await run('memory');
    const onDisk = await run('disk', 20);
    expect(onDisk.metrics.dataset.train - onDisk.metrics.dataset.labelled).toBeGreaterThan(100);
    expect(scoresOf(onDisk.metrics)).toEqual(scoresOf(inMemory.metrics));
    for (const name of ['static', 'conv']) {
      const student = (outDir: string): Buffer => readFileSync(join(folder, outDir, `${name}.safetensors`));
      expect(student('disk')).toEqual(student('memory'));
    }
    expect(existsSync(join(folder, 'disk/.retort-rows'))).toBe(false);
  });

  it('refuses to augment, with invalid_config, and leaves none of them behind', async () => {
    await expect(run('augmented', 20, { augment: { factor: 1 } })).rejects.toMatchObject({ code: 'invalid_config' });
    expect(existsSync(join(folder, 'augmented/.retort-rows'))).toBe(false);
  });
});
