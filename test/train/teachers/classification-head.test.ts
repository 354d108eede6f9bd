import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/format/index.ts';
import { createRandom } from '../../../src/train/random.ts';
import { createHead, fitHead, type HeadRows } from '../../../src/train/teachers/classification-head.ts';
import type { HeadJson, HeadTask } from '../../../src/train/teachers/teacher.ts';

const task: HeadTask = { encoderId: 'encoder-1', labels: ['ham', 'spam'], multiLabel: false };

/** Features `[4]` around -1 for ham and around +1 for spam. */
function featureRows(count: number, seed: number): HeadRows {
  const random = createRandom(seed);
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  return {
    features: labels.map((label) => random.normals(4, 0.7).map((value) => value + 2 * label - 1)),
    targets: labels.map((label) => Float32Array.of(1 - label, label)),
  };
}

const train = featureRows(40, 1);
const dev = featureRows(40, 2);

describe('fitHead', () => {
  it('is right on 95 % of held-out rows', async () => {
    const head = await fitHead(train, dev, task);
    const { features, targets } = featureRows(200, 3);
    const right = features.filter((values, row) => {
      const [ham, spam] = head.logits(values);
      return spam > ham === (targets[row][1] === 1);
    });
    expect(right.length).toBeGreaterThanOrEqual(190);
  });

  it('has the shape of its features and the names of its task', async () => {
    const head = await fitHead(train, dev, task);
    expect([head.labels, head.multiLabel]).toEqual([['ham', 'spam'], false]);
    expect(head.toJSON()).toMatchObject({ ...task, featureSize: 4 });
    expect(head.toJSON().weights).toHaveLength(2 * (4 + 1));
  });

  it.each<[string, HeadRows]>([
    ['0 labelled rows with 0 of 2 labels', { features: [], targets: [] }],
    ['2 labelled rows with 1 of 2 labels', { features: train.features.slice(0, 2), targets: Array(2).fill([0, 1]) }],
  ])('throws an InputError where there are %s', async (got, rows) => {
    const fitted = () => fitHead(rows, dev, task);
    await expect(fitted).rejects.toThrow(InputError);
    await expect(fitted).rejects.toThrow(`teacher head: expected labelled rows of at least two labels, got ${got}`);
  });

  it('is fitted where a text may have several labels though all rows have the same one', async () => {
    const { features } = train;
    const several = { features, targets: features.map(() => Float32Array.of(0, 1)) };
    const [none, all] = (await fitHead(several, several, { ...task, multiLabel: true })).logits(features[0]);
    expect(none).toBeLessThan(0);
    expect(all).toBeGreaterThan(0);
  });
});

describe('createHead', () => {
  const json: HeadJson = { ...task, featureSize: 2, weights: [1, 2, 3, -1, 0.5, -4] };

  it('weighs features and adds the bias, last in each row', () => {
    expect(createHead(json).logits(Float32Array.of(10, 100))).toEqual(Float32Array.of(213, 36));
  });

  it('gives the same id and the same bits after a trip through JSON', async () => {
    const head = await fitHead(train, dev, task);
    const again = createHead(JSON.parse(JSON.stringify(head)));
    expect(again.id).toBe(head.id);
    for (const features of dev.features) expect(again.logits(features)).toEqual(head.logits(features));
  });

  it.each<[string, Partial<HeadJson>]>([
    ['encoder', { encoderId: 'encoder-2' }],
    ['weight', { weights: [1, 2, 3, -1, 0.5, -4.000001] }],
    ['name of a label', { labels: ['ham', 'junk'] }],
    ['kind of task', { multiLabel: true }],
  ])('has another id for another %s', (_, change) => {
    const { id } = createHead(json);
    expect(id).toMatch(/^head-[0-9a-f]{32}$/);
    expect(createHead({ ...json, ...change }).id).not.toBe(id);
  });
});
