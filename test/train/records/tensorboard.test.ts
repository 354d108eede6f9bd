import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeScalars } from '../../../src/train/records/event.ts';
import { writeTensorBoard } from '../../../src/train/records/tensorboard.ts';
import { encodeTfRecord } from '../../../src/train/records/tf-record.ts';
import { readEvents } from '../../support/event-file.ts';
import { epochRecord, metricsOf, recordOf, studentRun } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder('tensorboard');
const FILE = 'events.out.tfevents.1767323045.retort';

const history = [epochRecord(1), epochRecord(2), epochRecord(300)];
const [run] = metricsOf().runs;
const record = recordOf({
  metrics: metricsOf({
    runs: [7, 8].map((seed) => ({ ...run, seed, students: [studentRun('small', { history }), studentRun('tiny')] })),
  }),
});

describe('encodeTfRecord', () => {
  it('frames nothing as TensorFlow does: the masked checksum of 8 zeros, and that of nothing', () => {
    // The first bytes of the checksum of a length of 0 are known from files that hold an empty record.
    expect(encodeTfRecord(new Uint8Array(0)).toString('hex')).toBe('000000000000000029039807d8ea82a2');
  });
});

describe('encodeScalars', () => {
  it('writes an event as protocol buffers do, byte by byte', () => {
    const bytes = encodeScalars({ wallTime: 1.5, step: 300, scalars: new Map([['a', 0.5]]) });
    const expected = ['09 000000000000f83f', '10 ac02', '2a 0a', '0a 08', '0a 01 61', '15 0000003f'];
    expect(bytes.toString('hex')).toBe(expected.join('').replaceAll(' ', ''));
  });
});

describe('writeTensorBoard', () => {
  it('leaves a folder a student and seed, with one event file each', async () => {
    const folder = join(root, 'all');
    const folders = ['small-seed-7', 'tiny-seed-7', 'small-seed-8', 'tiny-seed-8'];
    expect(await writeTensorBoard(folder, record)).toEqual(folders.map((name) => join(folder, 'mails', name)));
    for (const name of folders) expect(readdirSync(join(folder, 'mails', name))).toEqual([FILE]);
  });

  it('says every term of the loss, dev, and every schedule by epoch, as 32-bit floats; nothing where there is none', async () => {
    const folder = join(root, 'scalars');
    await writeTensorBoard(folder, record);
    const events = readEvents(readFileSync(join(folder, 'mails', 'small-seed-7', FILE)));
    const started = Date.parse('2026-01-02T03:04:05.678Z') / 1000;
    expect(events[0]).toEqual({ wallTime: started, step: 0, fileVersion: 'brain.Event:2', scalars: {} });
    expect(events.slice(1).map(({ step }) => step)).toEqual([1, 2, 300]);
    expect(events.slice(1).map(({ wallTime }) => wallTime - started)).toEqual(
      [1, 2, 3].map((s) => expect.closeTo(s, 5)),
    );
    expect(events[1].scalars).toEqual({
      'loss/total': 2,
      'loss/model': 1,
      'loss/distillation': 0.5,
      'loss/feature_1': Math.fround(0.1),
      'dev/loss': Math.fround(0.3),
      'dev/accuracy': Math.fround(0.9),
      'dev/agreement': Math.fround(0.8),
      'schedule/learning_rate': Math.fround(0.01),
      'schedule/temperature': 4,
      'schedule/alpha': 1,
      'schedule/model_weight': 0.5,
      'schedule/beta_1': 0.25,
    });
    expect(Object.keys(events[2].scalars)).not.toContain('loss/model');
  });

  it('takes the place of what an earlier run of the same name left, and leaves the files of others alone', async () => {
    const folder = join(root, 'again');
    const place = join(folder, 'mails', 'small-seed-7');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'events.out.tfevents.1.retort'), '');
    writeFileSync(join(place, 'events.out.tfevents.1.another-tool'), '');
    await writeTensorBoard(folder, record);
    expect(readdirSync(place).sort()).toEqual(['events.out.tfevents.1.another-tool', FILE].sort());
  });
});
