/** A run with its baselines, two seeds: what it reports is worked out again from the files that it leaves. */
import { readFile } from 'node:fs/promises';
import {
  type Dataset,
  type DistillationResult,
  defineConfig,
  distill,
  hideLabels,
  type Row,
  readRows,
  readTeacher,
  resolveConfig,
  startTeacher,
} from 'retort-edge/train';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseStudent } from '../../../src/format/index.ts';
import type { Predictor } from '../../../src/runtime/index.ts';
import { loadStudent } from '../../../src/runtime/node.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder('comparison');
const SPLITS = { train: 140, dev: 40 };

/** The example messages, 12 of the training rows labelled, with every third label wrong so that nobody is perfect. */
async function loadMessages(seed: number): Promise<Dataset> {
  const columns = { text: 'text', label: 'label', id: null, labelSeparator: null };
  const labels = ['billing', 'delivery', 'praise'];
  const rows = (await readRows('test/support/messages.csv', columns)).map((row, i): Row => {
    const [label] = row.labels!;
    return i % 3 === 0 ? { ...row, labels: [labels[(labels.indexOf(label) + 1) % 3]] } : row;
  });
  const mixed = [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
  const { train, dev } = SPLITS;
  const hidden = hideLabels(mixed.slice(0, train), 12, seed);
  return {
    name: 'messages',
    labels,
    multiLabel: false,
    teacherField: 'text',
    studentField: 'text',
    train: hidden.rows,
    hiddenLabels: hidden.hidden,
    dev: mixed.slice(train, train + dev),
    test: mixed.slice(train + dev),
  };
}

async function decisionsOf(predictor: Pick<Predictor, 'predict'>, rows: readonly Row[]): Promise<string[]> {
  const predictions = await predictor.predict(rows.map(({ fields }) => fields.text));
  return predictions.map(({ labels }) => labels[0].label);
}

const shareOf = (hits: readonly boolean[]): number => hits.filter(Boolean).length / hits.length;
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('a run that is compared', () => {
  const training = { epochs: 3, stepsPerEpoch: 10, learningRate: 0.02 };
  let result: DistillationResult;
  let test: readonly Row[];

  beforeAll(async () => {
    const config = defineConfig({
      name: 'messages',
      data: ({ seed }) => loadMessages(seed),
      teacher: { maxCharacters: 200, maxPieces: 32 },
      students: [
        { family: 'static', buckets: 512, hiddenSize: 8, perceptronSize: 8, training },
        { family: 'conv', hiddenSize: 8, blocks: 1, training },
      ],
      seeds: [0, 1],
    });
    result = await distill(resolveConfig(config, folder));
    ({ test } = await loadMessages(0));
  }, 240_000);

  it('has a row for each baseline, and each is a mean over the seeds', () => {
    const { baselines, runs } = result.metrics;
    expect(baselines.map(({ name }) => name)).toEqual([
      'majority',
      'TF-IDF + linear, labels only',
      ...['static', 'conv'].flatMap((name) =>
        ['labels only', "teacher's hard labels", 'all labels, no teacher'].map((variant) => `${name}, ${variant}`),
      ),
    ]);
    for (const [i, { accuracy, f1 }] of baselines.entries()) {
      expect(accuracy).toBeCloseTo(mean(runs.map((run) => run.baselines[i].accuracy)), 12);
      expect(f1).toBeCloseTo(mean(runs.map((run) => run.baselines[i].f1)), 12);
    }
  });

  it('gain is the accuracy over that of the same student on labels only, in each seed and in the mean', () => {
    const { runs, students } = result.metrics;
    for (const [i, { name, gain }] of students.entries()) {
      const gains = runs.map((run) => {
        const alone = run.baselines.find((one) => one.name === `${name}, labels only`)!;
        expect(run.students[i].gain).toBeCloseTo(run.students[i].accuracy - alone.accuracy, 12);
        return run.students[i].gain!;
      });
      expect(gain).toBeCloseTo(mean(gains), 12);
    }
  });

  it('ships the students of the seed that is best on dev, and the teacher of that seed', async () => {
    const { runs } = result.metrics;
    const onDev = runs.map(({ students }) => mean(students.map(({ devAccuracy }) => devAccuracy)));
    const best = runs[onDev.indexOf(Math.max(...onDev))];
    const [{ head }] = (await readTeacher(result.files.teacher)).members;
    for (const [i, file] of result.files.students.entries()) {
      const { provenance } = parseStudent(await readFile(file));
      expect(provenance.configHash).toBe(best.students[i].configHash);
      expect(provenance.teacher?.id).toBe(head!.id);
    }
  });

  it('agreement, accuracy and retention are what the files say about test', async () => {
    const teacher = await startTeacher(await readTeacher(result.files.teacher));
    const gold = test.map(({ labels }) => labels![0]);
    const said = await decisionsOf(teacher, test);
    await teacher.dispose();
    for (const [i, file] of result.files.students.entries()) {
      const bytes = await readFile(file);
      const { configHash } = parseStudent(bytes).provenance;
      const student = await loadStudent(bytes);
      const run = result.metrics.runs.map(({ students }) => students[i]).find((one) => one.configHash === configHash)!;
      const own = await decisionsOf(student, test);
      const accuracy = shareOf(own.map((label, row) => label === gold[row]));
      expect(run.accuracy).toBeCloseTo(accuracy, 12);
      expect(run.agreement).toBeCloseTo(shareOf(own.map((label, row) => label === said[row])), 12);
      expect(run.retention).toBeCloseTo(accuracy / shareOf(said.map((label, row) => label === gold[row])), 12);
    }
  });
});
