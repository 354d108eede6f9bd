/** A whole run with augmented rows: they are taught and learnt from, and counted apart. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, type DistillationMetrics, distill, resolveConfig } from 'retort-edge/train';
import { beforeAll, describe, expect, it } from 'vitest';
import { MESSAGES_CONFIG, writeMessages } from '../../support/messages.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder('augmentation');
const tiny = { hiddenSize: 8, perceptronSize: 8, buckets: 512, training: { epochs: 2, stepsPerEpoch: 5 } };

async function run(outDir: string, augment?: Config['augment']): Promise<[DistillationMetrics, readonly string[]]> {
  const config: Config = {
    ...MESSAGES_CONFIG,
    teacher: { kind: 'scratch', charNgrams: null, ...tiny },
    students: [{ family: 'static', ...tiny }],
    outDir,
    ...(augment === undefined ? {} : { augment }),
  };
  const notices: string[] = [];
  const { metrics } = await distill(resolveConfig(config, folder), { onNotice: (line) => notices.push(line) });
  return [metrics, notices];
}

const studentOf = (outDir: string): Buffer => readFileSync(join(folder, outDir, 'static.safetensors'));

beforeAll(() => writeMessages(folder));

describe('a run that augments', () => {
  it('counts what it made apart from what was given, tells it, and trains on it', async () => {
    const [plain] = await run('plain');
    const [augmented, notices] = await run('augmented', { factor: 1 });
    const { train, labelled, dev, test } = plain.dataset;
    expect(plain.dataset.augmented).toBe(0);
    expect(augmented.dataset).toMatchObject({ train, labelled, dev, test });
    expect(augmented.dataset.augmented).toBeGreaterThan(train / 2);
    expect(notices.join('\n')).toContain(`augment: ${augmented.dataset.augmented} of ${train} rows made`);
    expect(augmented.dataset.checksum).not.toBe(plain.dataset.checksum);
    expect(studentOf('augmented')).not.toEqual(studentOf('plain'));
    // The teacher learns from the labelled rows alone.
    expect(augmented.teacher.accuracy).toBe(plain.teacher.accuracy);
  });

  it('leaves the same bytes again', async () => {
    await run('again', { factor: 1 });
    expect(studentOf('again')).toEqual(studentOf('augmented'));
  });
});
