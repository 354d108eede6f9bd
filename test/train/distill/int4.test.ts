/** An embedding in int4, end to end: the same student with it in int8, and with it in int4. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DistillationResult, distill, resolveConfig } from 'retort-edge/train';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseStudent, type Tensor } from '../../../src/format/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder('int4');
const training = { epochs: 6, stepsPerEpoch: 20 };
const student = { family: 'static', buckets: 2048, hiddenSize: 32, training } as const;

describe('a student with its embedding in int4', () => {
  let result: DistillationResult;
  const tensors: ReadonlyMap<string, Tensor>[] = [];

  beforeAll(async () => {
    const config = {
      name: 'int4',
      data: { train: join(process.cwd(), 'test/support/messages.csv') },
      teacher: { kind: 'scratch', buckets: 512, training: { epochs: 3, stepsPerEpoch: 20 } },
      students: [
        { ...student, name: 'int8' },
        { ...student, name: 'int4', embeddingPrecision: 'int4' },
      ],
      baselines: false,
      backend: 'wasm',
    };
    const resolved = resolveConfig(config, folder);
    result = await distill(resolved);
    for (const { file } of result.metrics.students) {
      tensors.push(parseStudent(readFileSync(join(resolved.outDir, file))).tensors);
    }
  }, 240_000);

  it('has the float weights of the one in int8, and decides as they do on 0.95 of the test rows', () => {
    const [int8, int4] = result.metrics.students;
    expect(int4.floatAccuracy).toBe(int8.floatAccuracy);
    expect(int4.floatAgreement).toBeGreaterThanOrEqual(0.95);
    const [others, same] = tensors.map((all) => [...all].filter(([name]) => !name.startsWith('layers.0.')));
    expect(same).toEqual(others);
  });

  it('is as much smaller as its embedding: 2,048 rows of 36 bytes in int8, of 18 in int4', () => {
    expect(tensors.map((all) => all.get('layers.0.weight')!.dtype)).toEqual(['I8', 'U8']);
    const [int8, int4] = result.metrics.students;
    // Headers are filled up to 64 bytes.
    expect(Math.abs(int8.bytes - int4.bytes - 2048 * 18)).toBeLessThanOrEqual(64);
  });

  it('says so in the metrics, and says nothing where all is int8', () => {
    expect(result.metrics.students.map((one) => one.embeddingPrecision)).toEqual([undefined, 'int4']);
  });
});
