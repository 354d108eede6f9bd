import { readFile } from 'node:fs/promises';
import { configHash, resolveConfig } from 'retort-edge/train';
import { describe, expect, it } from 'vitest';
import config from '../../examples/quickstart/retort.config.ts';
import { parseStudent } from '../../src/format/index.ts';
import { loadStudent } from '../../src/runtime/node.ts';
import recorded from './recorded-scores.json' with { type: 'json' };

const PATH = 'examples/worker/student.safetensors';

describe('the student of examples/worker', () => {
  it('is the one that the config of the quickstart makes with seed 0', async () => {
    const { provenance } = parseStudent(await readFile(PATH));
    const hash = configHash(resolveConfig(config, 'examples/quickstart'), 0);
    expect(provenance.configHash).toBe(hash);
  });

  it('weighs at most 300 KB and records what was measured', async () => {
    const student = await loadStudent(PATH);
    expect(student.info.bytes).toBeLessThanOrEqual(300_000);
    expect(student.info.verified).toBe(true);
    expect(student.info.metrics.accuracy).toBeGreaterThan(0.9);
  });

  it.each(['simd', 'scalar'] as const)(
    'has the recorded logits of 20 sentences, bit for bit, on %s kernels',
    async (kernels) => {
      const student = await loadStudent(PATH, { kernels });
      expect(recorded.sentences).toHaveLength(20);
      for (const { text, logits } of recorded.sentences) expect([...student.logits(text)]).toEqual(logits);
    },
  );

  it('tells most of the sentences apart as their writers meant them', async () => {
    const student = await loadStudent(PATH);
    const right = recorded.sentences.slice(0, 18).filter(({ text }, i) => {
      return student.classify(text)[0].label === (i < 10 ? 'spam' : 'ham');
    });
    expect(right.length).toBeGreaterThanOrEqual(12);
  });
});
