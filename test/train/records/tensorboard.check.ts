/**
 * TensorBoard itself reads the event files of a run and finds every scalar, bit for bit. Not part of `npm test`, since it
 * needs a Python with tensorboard: `npm run check:python`, with the path of another Python in RETORT_PYTHON.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { writeTensorBoard } from '../../../src/train/records/tensorboard.ts';
import { readEvents } from '../../support/event-file.ts';
import { recordOf } from '../../support/records.ts';

const PYTHON = process.env.RETORT_PYTHON ?? 'python3';

it('TensorBoard reads the scalars that this repository reads', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'retort-tensorboard-'));
  try {
    const places = await writeTensorBoard(folder, recordOf());
    const runs = await Promise.all(
      places.map(async (place) => {
        const [file] = await readdir(place);
        return { place, events: readEvents(await readFile(join(place, file))).slice(1) };
      }),
    );
    const expected = join(folder, 'expected.json');
    await writeFile(expected, JSON.stringify(runs));
    const script = new URL('read-events.py', import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(PYTHON, [script, expected]);
    const scalars = runs.flatMap(({ events }) => events.flatMap((event) => Object.keys(event.scalars)));
    expect(stdout).toContain(`${runs.length} runs, ${scalars.length} scalars, all equal`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
