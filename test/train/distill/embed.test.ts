/** To embed, end to end: the vectors of a tiny encoder, which no label is needed to learn. */
import { type Dataset, type DistillationResult, distill, type Row, resolveConfig } from 'retort-edge/train';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadStudent } from '../../../src/runtime/node.ts';
import { cosine, spearman } from '../../../src/train/evaluation/similarity.ts';
import { createRandom } from '../../../src/train/random.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { GOLDEN, tinyEncoder } from '../../support/tiny-encoders.ts';

const folder = temporaryFolder('embed');
const WORDS = GOLDEN.texts
  .join(' ')
  .split(/\s+/)
  .filter((word) => /^[a-z]+$/i.test(word));

function texts(count: number, seed: number): readonly Row[] {
  const random = createRandom(seed);
  const pick = (): string => WORDS[Math.floor(random.uniform() * WORDS.length)];
  return Array.from({ length: count }, (_, i) => {
    const text = Array.from({ length: 3 + (i % 4) }, pick).join(' ');
    return { id: `${seed}-${i}`, fields: { text }, labels: null };
  });
}

const [dev, test] = [texts(30, 2), texts(60, 3)];
const shared = (a: string, b: string): number => a.split(' ').filter((word) => b.split(' ').includes(word)).length;
const pairs = (rows: readonly Row[]) =>
  rows.slice(1).map(({ fields: { text } }, i) => {
    const other = rows[i].fields.text;
    return { texts: [other, text] as const, similarity: shared(other, text) };
  });
const data = (): Dataset => ({
  ...{ name: 'texts', task: 'embed', labels: [], multiLabel: false, teacherField: 'text', studentField: 'text' },
  ...{ train: texts(200, 1), dev, test, similar: { dev: pairs(dev), test: pairs(test) } },
});
const teacher = { kind: 'encoder', directory: tinyEncoder('bert'), maxTokens: 16 } as const;
const training = { epochs: 2, stepsPerEpoch: 40, learningRate: 0.01 };
const students = [{ family: 'conv', hiddenSize: 24, blocks: 1, training }];
const common = { name: 'embed', data, teacher, students } as const;

describe('a student that embeds', () => {
  let result: DistillationResult;

  beforeAll(async () => {
    result = await distill(resolveConfig(common, folder));
  }, 120_000);

  it('has vectors as wide as its teacher, at a mean cosine above .8, and .99 from float to int8', async () => {
    const [{ agreement, floatAgreement, retention, gain }] = result.metrics.students;
    expect(result.metrics.dataset).toMatchObject({ task: 'embed', labels: [], labelled: 0 });
    expect(agreement).toBeGreaterThan(0.8);
    expect(floatAgreement).toBeGreaterThan(0.99);
    expect([typeof retention, gain]).toEqual(['number', null]);
    const student = await loadStudent(result.files.students[0]);
    expect(student.info).toMatchObject({ task: 'embed', labels: [] });
    expect(student.info.metrics).toMatchObject({ cosine: agreement });
    expect(student.embed('you won')).toHaveLength(GOLDEN.models.bert[0].mean.length);
  });

  it('is measured as it is served: the file orders the pairs of test as the run says', async () => {
    const student = await loadStudent(result.files.students[0]);
    const found = pairs(test).map(({ texts: [a, b] }) => cosine(student.embed(a), student.embed(b)));
    const gold = pairs(test).map(({ similarity }) => similarity);
    expect(spearman(found, gold)).toBeCloseTo(result.metrics.students[0].accuracy, 3);
  });

  it('refuses a teacher that gives no vectors, and pairs of other texts', async () => {
    const refused = async (change: object, message: string): Promise<void> => {
      const run = distill(resolveConfig({ ...common, ...change }, folder));
      await expect(run).rejects.toMatchObject({ name: 'InputError', message: expect.stringContaining(message) });
    };
    await refused({ teacher: { kind: 'scratch' } }, 'expected one for the task embed, of kind encoder, graph');
    const members = [{ teacher }, { teacher: { ...teacher, maxTokens: 8 } }];
    await refused({ teacher: { kind: 'ensemble', members } }, 'expected a single model that gives features');
    const other = { ...data(), similar: { dev: pairs(dev), test: pairs(texts(4, 9)) } };
    await refused({ data: () => other }, 'test: expected pairs of texts of its rows');
    await refused({ data: () => ({ ...data(), similar: undefined }) }, 'dev: expected two pairs of texts in similar');
  });
});
