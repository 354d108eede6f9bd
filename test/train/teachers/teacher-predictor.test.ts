import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { InputError } from '../../../src/format/index.ts';
import { startTeacher, type TeacherPredictor } from '../../../src/train/teachers/teacher-predictor.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { untrainedTeacher } from '../../support/untrained-teacher.ts';

const worker = pathToFileURL('dist/train/labelling-worker.js');
const LABELS = ['a', 'b', 'c'];

async function start(options?: { readonly multiLabel: boolean }): Promise<TeacherPredictor> {
  const predictor = await startTeacher(await untrainedTeacher(LABELS, options), worker);
  onTestFinished(() => predictor.dispose());
  return predictor;
}

describe('startTeacher', () => {
  it('answers with every label, best first, probabilities that add up to 1, and the same again', async () => {
    const predictor = await start();
    const texts = ['you won a prize', 'a prize', ''];
    const predictions = await predictor.predict(texts);
    expect(predictions).toHaveLength(3);
    for (const { labels } of predictions) {
      const scores = labels.map(({ score }) => score);
      expect(labels.map(({ label }) => label).sort()).toEqual(LABELS);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(scores.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    }
    expect(predictions[0].labels).not.toEqual(predictions[1].labels);
    expect(predictions.map(({ tokens }) => tokens)).toEqual([4, 2, 0]);
    expect(await predictor.predict(texts)).toEqual(predictions);
    expect(predictor.info).toMatchObject({
      name: 'test-teacher',
      role: 'teacher',
      labels: LABELS,
      backend: 'tfjs-wasm',
    });
  });

  it('gives each label a probability of its own where a text may have several', async () => {
    const several = await start({ multiLabel: true });
    const [{ labels }] = await several.predict(['you won a prize']);
    const single = await (await start()).predict(['you won a prize']);
    // softmax has the odds ratios of exp(z), and z = log(p / (1 - p)) for each label alone.
    const odds = labels.map(({ score }) => score / (1 - score));
    const sum = odds.reduce((a, b) => a + b);
    for (const [i, { label, score }] of single[0].labels.entries()) {
      expect(label).toBe(labels[i].label);
      expect(score).toBeCloseTo(odds[i] / sum, 6);
    }
  });

  it('says which texts it did not read to the end', async () => {
    const predictor = await start();
    const predictions = await predictor.predict(['short', 'word '.repeat(30), 'x'.repeat(61)]);
    expect(predictions.map(({ truncated }) => truncated)).toEqual([false, true, true]);
  });

  it('throws invalid_teacher where the head was fitted on another encoder', async () => {
    const [{ modelId }] = (await untrainedTeacher(LABELS)).members;
    const started = startTeacher(await untrainedTeacher(LABELS, { modelId: 'use-lite-0' }), worker);
    await expect(started).rejects.toBeInstanceOf(InputError);
    await expect(started).rejects.toMatchObject({
      code: 'invalid_teacher',
      message: `teacher test-teacher: expected model use-lite-0, got ${modelId}; run retort distill again`,
    });
  });
});

describe('a teacher in a thread', () => {
  const folder = temporaryFolder('moody');
  const moody = pathToFileURL(join(folder, 'moody-worker.mjs'));

  beforeAll(async () => {
    await build({
      entryPoints: ['test/support/moody-worker.ts'],
      outfile: join(folder, 'moody-worker.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
  });

  const startMoody = async (): Promise<TeacherPredictor> => {
    const predictor = await startTeacher(await untrainedTeacher(LABELS), moody);
    onTestFinished(() => predictor.dispose());
    return predictor;
  };

  it('says what ended its thread, and answers the next call from a new one', async () => {
    const predictor = await startMoody();
    const answer = await predictor.predict(['a']);
    await expect(predictor.predict(['exit'])).rejects.toMatchObject({ code: 'worker_lost' });
    expect(await predictor.predict(['a'])).toEqual(answer);
  });

  it('gives up an aborted call when its thread is free, not before, and answers the next one', async () => {
    const predictor = await startMoody();
    await predictor.predict(['warm']);
    const controller = new AbortController();
    const ended: string[] = [];
    const aborted = predictor
      .predict(['slow'], { signal: controller.signal })
      .catch(({ message }) => ended.push(message));
    controller.abort(new Error('gone'));
    await new Promise((done) => setTimeout(done, 50));
    expect(ended).toEqual([]);
    const next = predictor.predict(['a']).then(() => ended.push('answered'));
    await Promise.all([aborted, next]);
    expect(ended).toEqual(['gone', 'answered']);
  });

  it('stops an aborted call between two batches', async () => {
    const predictor = await startMoody();
    const controller = new AbortController();
    const texts = Array.from({ length: 1000 }, () => 'slow');
    const aborted = predictor.predict(texts, { signal: controller.signal });
    controller.abort(new Error('gone'));
    await expect(aborted).rejects.toThrow('gone');
  }, 5000);

  it('lets eight calls wait, refuses the ninth as busy, and answers all others', async () => {
    const predictor = await startMoody();
    const calls = [predictor.predict(['slow']), ...'abcdefgh'.split('').map((text) => predictor.predict([text]))];
    await expect(predictor.predict(['i'])).rejects.toMatchObject({ name: 'BusyError', code: 'busy' });
    expect((await Promise.all(calls)).map((predictions) => predictions.length)).toEqual(calls.map(() => 1));
  });
});
