/** To tag, end to end: a larger model learns from a few tagged rows, and tags the others for the student. */
import { type Dataset, type DistillationResult, distill, type Row, resolveConfig } from 'retort-edge/train';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadStudent } from '../../../src/runtime/node.ts';
import { createRandom } from '../../../src/train/random.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder('tag');
const VERBS = ['play', 'start', 'put on', 'queue'];
const SONGS = ['yesterday', 'blue moon', 'let it be', 'hello', 'stand by me', 'purple rain'];
const PLACES = ['kitchen', 'living room', 'garden', 'hall'];

/** Commands with a song, and sometimes a place. */
function commands(count: number, seed: number): readonly Row[] {
  const random = createRandom(seed);
  const pick = (words: readonly string[]): readonly string[] =>
    words[Math.floor(random.uniform() * words.length)].split(' ');
  const slot = (type: string, words: readonly string[]): [string, string][] =>
    words.map((word, i) => [word, `${i === 0 ? 'B' : 'I'}-${type}`]);
  return Array.from({ length: count }, (_, i) => {
    const outside = (words: readonly string[]): [string, string][] => words.map((word) => [word, 'O']);
    const place = random.uniform() < 0.5 ? [] : [...outside(['in', 'the']), ...slot('place', pick(PLACES))];
    const tagged = [...outside(pick(VERBS)), ...slot('song', pick(SONGS)), ...place];
    const fields = { text: tagged.map(([word]) => word).join(' ') };
    return { id: `${seed}-${i}`, fields, labels: tagged.map(([, tag]) => tag) };
  });
}

const labels = ['B-place', 'B-song', 'I-place', 'I-song', 'O'];
const data = (): Dataset => ({
  ...{ name: 'commands', task: 'tag', labels, multiLabel: false, teacherField: 'text', studentField: 'text' },
  train: commands(120, 1).map((row, i) => (i < 40 ? row : { ...row, labels: null })),
  dev: commands(30, 2),
  test: commands(60, 3),
});

const steps = { epochs: 2, stepsPerEpoch: 25 };
const network = { family: 'conv', hiddenSize: 32, blocks: 1, maxPieces: 200 } as const;
const common = { name: 'tag', data, baselines: false, teacher: { kind: 'scratch', network, training: steps } } as const;

describe('a student that tags', () => {
  let result: DistillationResult;

  beforeAll(async () => {
    const students = [{ family: 'conv', hiddenSize: 16, blocks: 1, maxPieces: 150, training: steps }];
    result = await distill(resolveConfig({ ...common, students }, folder));
  }, 120_000);

  it('finds entities as its teacher does, by F1 within .2, and decides as the float student in .97 of the words', () => {
    const { teacher, students, dataset } = result.metrics;
    expect(dataset).toMatchObject({ task: 'tag', train: 120, labelled: 40 });
    expect(teacher).toMatchObject({ p50Ms: null });
    expect(teacher.f1).toBeGreaterThan(0.9);
    for (const { f1, accuracy, agreement, floatAgreement, p50Ms } of students) {
      expect(f1).toBeGreaterThan(teacher.f1 - 0.2);
      expect(accuracy).toBeGreaterThan(0.9);
      expect(agreement).toBeGreaterThan(0.9);
      expect(floatAgreement).toBeGreaterThan(0.97);
      expect(p50Ms).toBeGreaterThan(0);
    }
  });

  it('is measured as it is served: word accuracy of the file is that of the run', async () => {
    for (const [i, file] of result.files.students.entries()) {
      const student = await loadStudent(file);
      expect(student.info).toMatchObject({ task: 'tag', labels });
      const rows = data().test;
      const right = rows.flatMap((row) =>
        student.tag(row.fields.text).map(({ label }, word) => label === row.labels![word]),
      );
      expect(right.filter(Boolean).length / right.length).toBeCloseTo(result.metrics.students[i].accuracy, 12);
    }
  });

  it('refuses a static student, a teacher that cannot tag, and a row with tags for other words', async () => {
    const run = (change: object): Promise<unknown> => distill(resolveConfig({ ...common, ...change }, folder));
    const refused = async (change: object, message: string): Promise<void> => {
      await expect(run(change)).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringContaining(message),
      });
    };
    await refused({ students: [{ family: 'static' }] }, 'students.0.family: expected conv or transformer to tag words');
    const conv = { students: [{ family: 'conv' }] };
    await refused(
      { ...conv, teacher: { kind: 'universal-sentence-encoder' } },
      'expected one for the task tag, of kind scratch',
    );
    const broken = { ...data(), dev: [{ ...data().dev[0], labels: ['O'] }] };
    await refused({ ...conv, data: () => broken }, 'expected one label a word');
  });
});
