import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeRecord } from '../../src/train/records/run-record.ts';
import { renderReport } from '../../src/train/report/report.ts';
import { readEvents } from '../support/event-file.ts';
import { recordOf } from '../support/records.ts';
import { retort } from '../support/retort.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('report');
const record = recordOf();
writeFileSync(join(folder, 'record.json'), encodeRecord(record));

describe('retort report', () => {
  it('draws the report beside the record, and event files where it is asked for them', async () => {
    const { code, stdout } = await retort(['report', 'record.json', '--tensorboard', 'logs'], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Report +report\.html\nTensorBoard +logs\/mails\/small-seed-7, logs\/mails\/tiny-seed-7\n$/,
    );
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toBe(renderReport(record));
    const run = join(folder, 'logs', 'mails', 'small-seed-7');
    expect(readEvents(readFileSync(join(run, readdirSync(run)[0])))).toHaveLength(4);
  });

  it('draws it somewhere else', async () => {
    expect((await retort(['report', 'record.json', '--out', 'other.html'], { cwd: folder })).code).toBe(0);
    expect(readFileSync(join(folder, 'other.html'), 'utf8')).toBe(renderReport(record));
  });

  it('refuses to draw over what is no page, such as the record', async () => {
    const { code, stderr } = await retort(['report', 'record.json', '--out', 'record.json'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('--out: expected a file that ends in .html, got record.json');
    expect(readFileSync(join(folder, 'record.json'), 'utf8')).toBe(encodeRecord(record));
  });

  it('refuses a record whose fields were changed by hand, with exit code 2, and draws nothing', async () => {
    const { runs: _, ...metrics } = record.metrics;
    writeFileSync(join(folder, 'changed.json'), JSON.stringify({ ...record, metrics }));
    const { code, stderr } = await retort(['report', 'changed.json', '--out', 'no.html'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('changed.json: expected a record.json of retort distill, version 2, got one whose fields');
    expect(readdirSync(folder)).not.toContain('no.html');
  });
});
