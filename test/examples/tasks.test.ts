/** The students that stand beside the examples of other tasks than to classify. */
import { describe, expect, it } from 'vitest';
import { loadStudent } from '../../src/runtime/node.ts';
import { cosine } from '../../src/train/evaluation/similarity.ts';

describe('the student of examples/tag', () => {
  const PATH = 'examples/tag/student.safetensors';

  it('weighs at most 200 KB, records what was measured, and finds slots of a command', async () => {
    const student = await loadStudent(PATH);
    expect(student.info).toMatchObject({ task: 'tag', verified: true });
    expect(student.info.bytes).toBeLessThanOrEqual(200_000);
    expect(student.info.metrics.f1).toBeGreaterThan(0.5);
    const tags = student.tag('play some music by miles davis on spotify');
    expect(tags.map(({ label }) => label)).toEqual(expect.arrayContaining(['O', 'B-artist', 'I-artist', 'B-service']));
    expect(tags.at(-1)).toMatchObject({ word: 'spotify', label: 'B-service', start: 34, end: 41 });
  });

  it('has the same bits on scalar kernels', async () => {
    const [simd, scalar] = await Promise.all([loadStudent(PATH), loadStudent(PATH, { kernels: 'scalar' })]);
    const text = 'book a table for two in new york tomorrow';
    expect(scalar.tag(text)).toEqual(simd.tag(text));
  });
});

describe('the student of examples/embed', () => {
  const PATH = 'examples/embed/student.safetensors';

  it('weighs at most 400 KB, records what was measured, and puts sentences that mean the same closer', async () => {
    const student = await loadStudent(PATH);
    expect(student.info).toMatchObject({ task: 'embed', verified: true });
    expect(student.info.bytes).toBeLessThanOrEqual(400_000);
    expect(student.info.metrics.spearman).toBeGreaterThan(0.4);
    const [a, b, c] = student.embed([
      'A man is playing a guitar.',
      'A man plays the guitar.',
      'Stocks fell on Monday.',
    ]);
    expect(cosine(a, b)).toBeGreaterThan(cosine(a, c) + 0.2);
  });
});
