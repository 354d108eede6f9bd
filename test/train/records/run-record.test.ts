import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ResolvedConfig } from '../../../src/train/config/config.ts';
import { resolveConfig } from '../../../src/train/config/resolve-config.ts';
import { encodeRecord, readRecord, recordRun } from '../../../src/train/records/run-record.ts';
import { renderReport } from '../../../src/train/report/report.ts';
import { metricsOf, recordOf } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder('run-record');
const config: ResolvedConfig = resolveConfig({ name: 'mails', data: { train: 'mails.csv' } }, root);

describe('recordRun', () => {
  it('says when, with which code and config, and how much memory', async () => {
    const started = new Date('2026-01-02T03:04:05.678Z');
    const record = await recordRun(config, started, metricsOf(), []);
    expect(record).toMatchObject({ version: 2, startedAt: '2026-01-02T03:04:05.678Z', metrics: metricsOf() });
    expect(record.config).toEqual(JSON.parse(JSON.stringify(config)));
    expect(record.code.commit).toBe(execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim());
    expect(record.code.modified).toBeTypeOf('boolean');
    // A Node that runs tests has more than 30 MB, and this machine less than 1 TB.
    expect(record.peakMemoryBytes).toBeGreaterThan(30e6);
    expect(record.peakMemoryBytes).toBeLessThan(1e12);
  });

  it('says that a function loads the data', async () => {
    const record = await recordRun({ ...config, data: () => Promise.reject() }, new Date(0), metricsOf(), []);
    expect(record.config.data).toBe('function');
  });
});

describe('record.json', () => {
  it('reads back, and its report is the same, byte for byte', async () => {
    const rows = [{ text: 'a "mail" <b>', gold: ['ham'], teacher: ['spam'], student: ['ham'], distance: 1 / 3 }];
    const record = recordOf({ disagreements: [{ student: 'small', rows }] });
    const path = join(root, 'record.json');
    writeFileSync(path, encodeRecord(record));
    const again = await readRecord(path);
    expect(again).toEqual(record);
    expect(renderReport(again)).toBe(renderReport(record));
  });

  it.each([
    ['that is not there', null, 'no such file; check the path'],
    ['that is empty', '', 'no JSON; run retort distill again'],
    ['that is metrics.json', JSON.stringify(metricsOf()), 'other JSON; name the record.json beside it'],
    ['of another version', encodeRecord(recordOf()).replace('"version": 2', '"version": 1'), 'version 1'],
  ])('is refused %s, with the code invalid_record', async (_, text, got) => {
    const path = join(root, 'bad.json');
    if (text !== null) writeFileSync(path, text);
    await expect(readRecord(path)).rejects.toMatchObject({
      name: 'InputError',
      code: 'invalid_record',
      message: expect.stringContaining(`${path}: expected a record.json of retort distill, version 2, got ${got}`),
    });
  });
});
