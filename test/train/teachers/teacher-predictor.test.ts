import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { InputError } from '../../../src/format/index.ts';
import { createRandom } from '../../../src/train/random.ts';
import { createHead } from '../../../src/train/teachers/classification-head.ts';
import type { SavedTeacher } from '../../../src/train/teachers/saved-teacher.ts';
import { startTeacher, type TeacherPredictor } from '../../../src/train/teachers/teacher-predictor.ts';
import { FEATURE_SIZE, identifySentenceEncoder } from '../../../src/train/teachers/universal-sentence-encoder.ts';

const worker = pathToFileURL('dist/train/labelling-worker.js');
const encoder = { maxCharacters: 60, maxPieces: 16, backend: 'wasm' } as const;
const LABELS = ['a', 'b', 'c'];

let encoderId: string;
beforeAll(async () => {
  encoderId = (await identifySentenceEncoder(encoder)).id;
});

function teacher(multiLabel: boolean, id = encoderId): SavedTeacher {
  const weights = [...createRandom(5).normals(LABELS.length * (FEATURE_SIZE + 1), 2)];
  const head = createHead({ encoderId: id, labels: LABELS, multiLabel, featureSize: FEATURE_SIZE, weights });
  return { kind: 'universal-sentence-encoder', name: 'test-teacher', encoder, head, metrics: { accuracy: 0.5 } };
}

async function start(saved: SavedTeacher): Promise<TeacherPredictor> {
  const predictor = await startTeacher(saved, worker);
  onTestFinished(() => predictor.dispose());
  return predictor;
}

describe('startTeacher', () => {
  it('answers with every label, best first, probabilities that add up to 1, and the same again', async () => {
    const predictor = await start(teacher(false));
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
    const several = await start(teacher(true));
    const [{ labels }] = await several.predict(['you won a prize']);
    const single = await (await start(teacher(false))).predict(['you won a prize']);
    // softmax has the odds ratios of exp(z), and z = log(p / (1 - p)) for each label alone.
    const odds = labels.map(({ score }) => score / (1 - score));
    const sum = odds.reduce((a, b) => a + b);
    for (const [i, { label, score }] of single[0].labels.entries()) {
      expect(label).toBe(labels[i].label);
      expect(score).toBeCloseTo(odds[i] / sum, 6);
    }
  });

  it('says which texts it did not read to the end', async () => {
    const predictor = await start(teacher(false));
    const predictions = await predictor.predict(['short', 'word '.repeat(30), 'x'.repeat(61)]);
    expect(predictions.map(({ truncated }) => truncated)).toEqual([false, true, true]);
  });

  it('throws invalid_teacher where the head was fitted on another encoder', async () => {
    const started = startTeacher(teacher(false, 'use-lite-0'), worker);
    await expect(started).rejects.toBeInstanceOf(InputError);
    await expect(started).rejects.toMatchObject({
      code: 'invalid_teacher',
      message: `teacher test-teacher: expected encoder use-lite-0, got ${encoderId}; run retort distill again`,
    });
  });
});
