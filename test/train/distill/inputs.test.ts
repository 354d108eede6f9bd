/** Pairs and images through whole runs, small ones. */
import { pathToFileURL } from 'node:url';
import { type Config, type DistillationResult, distill, resolveConfig } from 'retort-edge/train';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadStudent } from '../../../src/runtime/node.ts';
import { readTeacher } from '../../../src/train/teachers/saved-teacher.ts';
import { startTeacher } from '../../../src/train/teachers/teacher-predictor.ts';
import { IMAGES, PAIRS } from '../../support/input-datasets.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { tinyEncoder } from '../../support/tiny-encoders.ts';

const folder = temporaryFolder('inputs');
const training = { epochs: 3, stepsPerEpoch: 30 };
const base = { name: 'inputs', baselines: false, threads: 1, backend: 'wasm', cacheDir: 'cache' } as const;
const PAIR_CONFIG: Config = {
  ...{ ...base, data: () => PAIRS, outDir: 'pairs' },
  teacher: { kind: 'encoder', directory: tinyEncoder('bert'), maxTokens: 16 },
  students: [{ family: 'static', buckets: 256, charNgrams: null, training }],
};
const IMAGE_CONFIG: Config = {
  ...{ ...base, data: () => IMAGES, outDir: 'images' },
  teacher: {
    kind: 'scratch',
    filters: [4],
    kernelSize: 3,
    perceptronSize: 8,
    training: { epochs: 3, stepsPerEpoch: 20 },
  },
  students: [{ family: 'image', filters: [3], training }],
};

describe.each([
  ['pairs', PAIR_CONFIG, PAIRS],
  ['images', IMAGE_CONFIG, IMAGES],
] as const)('a run on %s', (_, config, { test }) => {
  let result: DistillationResult;
  beforeAll(async () => {
    result = await distill(resolveConfig(config, folder));
  }, 60_000);

  it('leaves a student that is right as often as the run says, and above .75', async () => {
    const student = await loadStudent(result.files.students[0]);
    const inputs = test.map(({ fields }) =>
      fields.image === undefined
        ? { text: fields.text, pair: fields.pair }
        : Uint8Array.from(Buffer.from(fields.image, 'base64')),
    );
    const answers = student.classify(inputs, { topK: 1 });
    const right = answers.filter(([{ label }], row) => label === test[row].labels![0]).length / test.length;
    const [{ accuracy }] = result.metrics.students;
    expect(right).toBeCloseTo(accuracy, 12);
    expect(accuracy).toBeGreaterThan(0.75);
  });

  it('leaves a teacher that answers for such inputs, and refuses others', async () => {
    const teacher = await startTeacher(
      await readTeacher(result.files.teacher),
      pathToFileURL('dist/train/labelling-worker.js'),
    );
    const { text, pair, image } = test[0].fields;
    const input = image === undefined ? { text, pair } : Uint8Array.from(Buffer.from(image, 'base64'));
    const [{ labels }] = await teacher.predict([input]);
    expect(labels[0].score + labels[1].score).toBeCloseTo(1, 6);
    await expect(teacher.predict(['a text'])).rejects.toThrow('got a text');
    await teacher.dispose();
  });
});

it('a run whose teacher reads captions leaves a student of images, above .75', async () => {
  const config: Config = {
    ...IMAGE_CONFIG,
    ...{ data: () => ({ ...IMAGES, teacherField: 'caption' }), outDir: 'captions' },
    teacher: { kind: 'scratch', buckets: 256, training: { epochs: 3, stepsPerEpoch: 20 } },
  };
  const { metrics, files } = await distill(resolveConfig(config, folder));
  expect(metrics.students[0].accuracy).toBeGreaterThan(0.75);
  const teacher = await startTeacher(await readTeacher(files.teacher), pathToFileURL('dist/train/labelling-worker.js'));
  const [{ labels }] = await teacher.predict(['a bright row, number 3']);
  expect(labels[0].label).toBe('row');
  await teacher.dispose();
}, 60_000);

describe('a run whose parts do not fit', () => {
  const scratch = { kind: 'scratch' } as const;
  it.each<[string, Config, string]>([
    ['a teacher of single texts', { ...PAIR_CONFIG, teacher: scratch }, 'teacher: expected a single model that embeds'],
    [
      'a network for texts in a teacher that reads images',
      { ...IMAGE_CONFIG, teacher: { kind: 'scratch', network: { family: 'conv' } } },
      'config, teacher.network: expected nothing, since the teacher reads images, got {"family":"conv"}; leave it out',
    ],
    [
      'filters for images in a teacher that reads captions',
      { ...IMAGE_CONFIG, data: () => ({ ...IMAGES, teacherField: 'caption' }) },
      'config, teacher.filters: expected nothing, since the teacher reads texts, got [4]; leave it out',
    ],
    [
      'a teacher that reads no images',
      { ...IMAGE_CONFIG, teacher: PAIR_CONFIG.teacher! },
      'teacher: expected one that reads images, got encoder',
    ],
    [
      'a student of images',
      { ...PAIR_CONFIG, students: [{ family: 'image' }] },
      'students.0.family: expected a family',
    ],
    ['a student of texts', { ...IMAGE_CONFIG, students: [{ family: 'static' }] }, 'students.0.family: expected image'],
    ['augmented pairs', { ...PAIR_CONFIG, augment: {} }, 'augment: expected rows of one text, got pairs'],
  ])('refuses %s before it begins', async (_, config, message) => {
    await expect(distill(resolveConfig(config, folder))).rejects.toThrow(message);
  });
});
