/** A run whose unlabelled rows have no room in memory is the run that has room for them. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Config,
  type DistillationMetrics,
  distill,
  type Progress,
  type RunHooks,
  resolveConfig,
} from 'retort-edge/train';
import { beforeAll, describe, expect, it } from 'vitest';
import { MESSAGES_CONFIG, writeMessages } from '../../support/messages.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { tinyEncoder } from '../../support/tiny-encoders.ts';

const folder = temporaryFolder('stored-rows');
const tiny = { hiddenSize: 8, training: { epochs: 4, stepsPerEpoch: 10 } };

function run(outDir: string, maxUnlabelledInMemory: number, more: Partial<Config> = {}, hooks: RunHooks = {}) {
  const config: Config = {
    ...MESSAGES_CONFIG,
    data: { train: 'messages.csv', maxUnlabelledInMemory },
    teacher: { kind: 'encoder', directory: tinyEncoder('bert'), maxTokens: 16 },
    // `conv` learns from features by default.
    students: [
      { family: 'static', perceptronSize: 8, buckets: 512, ...tiny },
      { family: 'conv', blocks: 1, maxPieces: 300, ...tiny },
    ],
    baselines: true,
    seeds: [0, 1],
    outDir,
    ...more,
  };
  return distill(resolveConfig(config, folder), hooks);
}

const withoutTimes = ({ runs, dataset }: DistillationMetrics) =>
  JSON.parse(JSON.stringify({ dataset, runs }, (key, value) => (key === 'seconds' ? undefined : value)));
const studentsOf = (outDir: string): readonly Buffer[] =>
  ['static', 'conv'].map((name) => readFileSync(join(folder, outDir, `${name}.safetensors`)));
const storesIn = (outDir: string): readonly string[] =>
  (existsSync(join(folder, outDir)) ? readdirSync(join(folder, outDir)) : []).filter((name) =>
    name.startsWith('.retort-rows'),
  );

let inMemory: DistillationMetrics;
beforeAll(async () => {
  writeMessages(folder);
  const file = join(folder, 'messages.csv');
  const lines = readFileSync(file, 'utf8').split('\n');
  // Two of three rows lose their label.
  writeFileSync(file, lines.map((line, i) => (i % 3 === 0 ? line : line.replace(/,\w+$/, ','))).join('\n'));
  inMemory = (await run('memory', 1000)).metrics;
});

describe('a run with unlabelled rows on disk', () => {
  it('leaves the same students and checksum, and the same scores of everything they are compared with', async () => {
    const stores = new Set<string>();
    const onProgress = (): void => {
      for (const name of storesIn('disk')) for (const file of readdirSync(join(folder, 'disk', name))) stores.add(file);
    };
    const onDisk = await run('disk', 20, {}, { onProgress });
    expect([...stores].sort()).toEqual(['0', '0.features', '0.logits', '1', '1.features', '1.logits']);
    expect(withoutTimes(onDisk.metrics)).toEqual(withoutTimes(inMemory));
    expect(studentsOf('disk')).toEqual(studentsOf('memory'));
    expect(storesIn('disk')).toEqual([]);
  });

  it('goes on where it was stopped in training, to the same students', async () => {
    const controller = new AbortController();
    let news = 0;
    const onProgress = ({ stage }: Progress): void => {
      if (stage === 'training' && ++news === 8) controller.abort(new Error('enough'));
    };
    await expect(run('stopped', 20, {}, { onProgress, signal: controller.signal })).rejects.toThrow('enough');
    expect(readdirSync(join(folder, 'stopped'))).toEqual(['.retort-checkpoints']);
    await run('stopped', 20);
    expect(studentsOf('stopped')).toEqual(studentsOf('memory'));
  });

  it('refuses to augment, with invalid_config, and leaves nothing behind', async () => {
    const augmented = run('augmented', 20, { augment: { factor: 1 } });
    await expect(augmented).rejects.toMatchObject({ code: 'invalid_config' });
    expect(existsSync(join(folder, 'augmented'))).toBe(false);
  });
});
