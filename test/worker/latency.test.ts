import { describe, expect, it } from 'vitest';
import type { Prediction, Predictor } from '../../src/runtime/index.ts';
import type { ComparedModel, Comparison } from '../../src/worker/index.ts';
import type { AppOptions } from '../../src/worker/options.ts';
import { testServer } from '../support/server.ts';

const RUNS = 5;

/**
 * Compares one predictor on two texts.
 *
 * @param milliseconds what its n-th call takes, counted from 0, on a clock of its own
 * @param wrap how it hands its answer over
 */
async function compare(
  milliseconds: (call: number) => number,
  options: Partial<AppOptions> = {},
  signal?: AbortSignal,
  wrap: (answer: readonly Prediction[]) => ReturnType<Predictor['predict']> = (answer) => answer,
): Promise<{ readonly status: number; readonly model: ComparedModel | undefined; readonly calls: number }> {
  let calls = 0;
  let now = 0;
  const { students } = await testServer();
  const student = students.get('test-static')!;
  const predictor: Predictor = {
    info: student.info,
    predict(texts) {
      now += milliseconds(calls++);
      return wrap(student.predict(texts));
    },
  };
  const served = { predictors: [predictor], studentFiles: new Map(), clock: () => now, ...options };
  const { app } = await testServer(served);
  const response = await app.request('/v1/compare', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ input: ['a', 'b'], runs: RUNS }),
    ...(signal && { signal }),
  });
  const { models } = (await response.json()) as Partial<Comparison>;
  return { status: response.status, model: models?.[0], calls };
}

describe('the latency of a comparison', () => {
  it('is that of a predictor that has warmed up', async () => {
    const { model } = await compare((call) => (call < 100 ? 0.5 : 0.125));
    expect(model?.latency).toEqual({ p50_ms: 0.125, p95_ms: 0.125, runs: RUNS });
  });

  it.each([
    ['100 ms', 4, 25],
    ['2,000 calls', 0.03125, 2000],
    ['51 calls where the clock stands still', 0, 51],
  ])('takes a warm-up of at most %s', async (_, milliseconds, warmup) => {
    expect((await compare(() => milliseconds)).calls).toBe(1 + warmup + RUNS);
  });

  it('takes no warm-up of a predictor that needs more than 20 ms a text', async () => {
    const { model, calls } = await compare(() => 41);
    expect(model?.latency).toEqual({ p50_ms: 41, p95_ms: 41, runs: RUNS });
    expect(calls).toBe(1 + RUNS);
  });

  it('is unknown without a clock, and nothing is called for it', async () => {
    const { model, calls } = await compare(() => 1, { clock: null });
    expect([model?.latency, calls]).toEqual([null, 1]);
  });

  it('is given up within a warm-up when the client goes away', async () => {
    const client = new AbortController();
    const leaving = (call: number): number => {
      if (call === 20) client.abort();
      return 1;
    };
    expect(await compare(leaving, {}, client.signal)).toEqual({ status: 499, model: undefined, calls: 21 });
  });

  it('does not warm up what answers with a promise: another host computes, and may charge for each call', async () => {
    const { calls } = await compare(
      () => 1,
      {},
      undefined,
      (answer) => Promise.resolve(answer),
    );
    expect(calls).toBe(1 + RUNS);
  });
});
