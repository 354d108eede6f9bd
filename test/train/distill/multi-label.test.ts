/** Several labels a text, with the real teacher: the beginnings of two mails in one text, which may be of either kind. */
import {
  type Dataset,
  type DistillationResult,
  defineConfig,
  distill,
  type Row,
  resolveConfig,
} from 'retort-edge/train';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadMails } from '../../../examples/quickstart/mails.ts';
import { loadStudent } from '../../../src/runtime/node.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder('multi-label');
/** Characters that are kept of each mail. */
const EXCERPT = 120;
const ROWS = { train: 300, dev: 60, test: 120 };
const LABELLED = 150;

/** Pairs neighbours: `rows` texts of two mails, whose labels are those of both. */
function pairUp(mails: readonly Row[], rows: number): readonly Row[] {
  return Array.from({ length: rows }, (_, i) => {
    const pair = [mails[2 * i], mails[2 * i + 1]];
    return {
      id: pair.map(({ id }) => id).join('+'),
      fields: { text: pair.map(({ fields }) => fields.text.slice(0, EXCERPT)).join(' ') },
      labels: [...new Set(pair.flatMap(({ labels }) => labels!))].sort(),
    };
  });
}

async function loadPairs(cacheDir: string): Promise<Dataset> {
  const { train, dev, test, ...mails } = await loadMails(cacheDir, 2000, 0);
  const pairs = pairUp(train, ROWS.train);
  return {
    ...mails,
    name: 'pairs of mails',
    multiLabel: true,
    train: pairs.map((row, i) => (i < LABELLED ? row : { ...row, labels: null })),
    dev: pairUp(dev, ROWS.dev),
    test: pairUp(test, ROWS.test),
  };
}
describe('a student of several labels a text', () => {
  const training = { epochs: 10, stepsPerEpoch: 40 };
  const config = resolveConfig(
    defineConfig({
      name: 'pairs',
      data: ({ cacheDir }) => loadPairs(cacheDir),
      teacher: { maxCharacters: 260, maxPieces: 64 },
      students: [
        { family: 'static', buckets: 4096, training },
        { family: 'conv', training },
      ],
      baselines: false,
    }),
    folder,
  );
  let result: DistillationResult;
  let test: readonly Row[];

  beforeAll(async () => {
    result = await distill(config);
    ({ test } = await loadPairs(config.cacheDir));
  }, 240_000);

  it('gets more texts wholly right than one answer for all, by .1, and at least .9 of what the teacher gets', () => {
    const counts = new Map<string, number>();
    for (const { labels } of test) counts.set(labels!.join(), (counts.get(labels!.join()) ?? 0) + 1);
    const constant = Math.max(...counts.values()) / test.length;
    for (const { accuracy, retention } of result.metrics.students) {
      expect(accuracy).toBeGreaterThan(constant + 0.1);
      expect(retention).toBeGreaterThan(0.9);
    }
  });

  it('has a macro and a micro F1 above .8, and decides as the float student in .97 of the texts', () => {
    for (const { f1, microF1, floatAgreement } of result.metrics.students) {
      expect(f1).toBeGreaterThan(0.8);
      expect(microF1).toBeGreaterThan(0.8);
      expect(floatAgreement).toBeGreaterThan(0.97);
    }
  });

  it('has the micro F1 of its answers, which its file and the teacher have too', async () => {
    for (const [i, file] of result.files.students.entries()) {
      const student = await loadStudent(file);
      const counts = { right: 0, given: 0, gold: 0 };
      for (const { fields, labels } of test) {
        const given = student.classify(fields.text).filter(({ score }) => score > 0.5);
        counts.right += given.filter(({ label }) => labels!.includes(label)).length;
        counts.given += given.length;
        counts.gold += labels!.length;
      }
      const microF1 = (2 * counts.right) / (counts.given + counts.gold);
      expect(result.metrics.students[i].microF1).toBeCloseTo(microF1, 12);
      expect(student.info.metrics.microF1).toBeCloseTo(microF1, 12);
    }
    expect(result.metrics.teacher.microF1).toBeGreaterThan(0.8);
  });

  it('answers with one, both or none of the labels: the scores are independent of each other', async () => {
    for (const [i, file] of result.files.students.entries()) {
      const student = await loadStudent(file);
      const answers = student.classify(test.map(({ fields }) => fields.text));
      const given = answers.map((scores) => scores.filter(({ score }) => score > 0.5).map(({ label }) => label));
      expect(new Set(given.map(({ length }) => length))).toContain(2);
      expect(given.some((labels) => labels.length === 1)).toBe(true);
      const right = given.filter((labels, row) => labels.sort().join() === test[row].labels!.join());
      expect(right.length / test.length).toBeCloseTo(result.metrics.students[i].accuracy, 12);
    }
  });
});
