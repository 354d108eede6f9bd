import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labelTexts } from 'retort-edge/train';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sentenceEncoder } from '../../support/sentence-encoder.ts';

const model = sentenceEncoder(400, 64);

/** Texts of different lengths: neighbours in a batch differ. */
const TEXTS = Array.from({ length: 60 }, (_, i) => `message number ${i} `.repeat(1 + (i % 9)).trim());

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'retort-labelling-'));
});
afterEach(() => rm(cacheDir, { recursive: true }));

const label = async (texts: readonly string[], workers = 1, directory = cacheDir) =>
  (await labelTexts(texts, { model, cacheDir: directory, workers })).outputs;

describe('labelTexts with the real encoder', () => {
  it('gives a text the same bits alone, among others, in another order and on two threads', async () => {
    const features = await label(TEXTS);
    expect(features[0]).toHaveLength(512);
    expect(await label([...TEXTS].reverse(), 2, join(cacheDir, 'reversed'))).toEqual([...features].reverse());
    for (const i of [0, 8, 33]) expect(await label([TEXTS[i]], 1, join(cacheDir, `alone-${i}`))).toEqual([features[i]]);
  });

  it('computes a text once: another run with the same cache labels what is new alone', async () => {
    const first = await label(TEXTS.slice(0, 20));
    const counts: number[] = [];
    const notices: string[] = [];
    const { outputs } = await labelTexts(
      TEXTS.slice(0, 25),
      { model, cacheDir, workers: 1 },
      { onProgress: ({ total }) => void counts.push(total), onNotice: (line) => void notices.push(line) },
    );
    expect(outputs.slice(0, 20)).toEqual(first);
    expect(new Set(counts)).toEqual(new Set([5]));
    expect(notices).toEqual(['labelling: 20 texts are in the cache already, 5 to go']);
  });

  it('keeps what is done where it is aborted', async () => {
    const controller = new AbortController();
    const onProgress = (): void => controller.abort(new Error('enough'));
    const options = { model, cacheDir, workers: 1 };
    await expect(labelTexts(TEXTS, options, { onProgress, signal: controller.signal })).rejects.toThrow('enough');
    const totals: number[] = [];
    await labelTexts(TEXTS, options, { onProgress: ({ total }) => void totals.push(total) });
    expect(totals[0]).toBeLessThan(TEXTS.length);
  });

  it('goes on after kill -9 and ends with the bits of a run that was never stopped', async () => {
    const whole = await label(TEXTS, 1, join(cacheDir, 'whole'));
    const killed = join(cacheDir, 'killed');
    const script = `import { labelTexts } from 'retort-edge/train';
      await labelTexts(${JSON.stringify(TEXTS)}, { model: ${JSON.stringify(model)}, cacheDir: ${JSON.stringify(killed)}, workers: 1 });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    const records = async (): Promise<number> => {
      const [entry] = await readdir(killed).catch(() => []);
      return entry === undefined ? 0 : ((await stat(join(killed, entry, 'records.bin')).catch(() => null))?.size ?? 0);
    };
    while ((await records()) === 0) {
      expect(child.exitCode).toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill('SIGKILL');
    await ended;
    const [entry] = await readdir(killed);
    const left = await readFile(join(killed, entry, 'records.bin'));
    expect(left.length).toBeGreaterThan(0);
    expect(await label(TEXTS, 2, killed)).toEqual(whole);
  });
});
