import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../../src/worker/messages.ts';
import { comparison } from '../../../src/worker/schemas.ts';
import { slowTeacher, testServer } from '../../support/server.ts';

const texts = ['you won a prize', 'meet at noon', 'a', 'free free free', ''];

describe('POST /v1/compare', () => {
  it('asks every model: answers, agreement of each pair, latency', async () => {
    const { post, students } = await testServer();
    const body = (await (await post('/v1/compare', { input: texts, runs: 7 })).json()) as Comparison;
    expect(v.parse(comparison, body)).toEqual(body);
    for (const { id, data, latency, agreement_with_teacher: agreement } of body.models) {
      expect(data.map(({ labels }) => labels)).toEqual(students.get(id)!.classify(texts));
      expect(latency?.runs).toBe(7);
      expect(latency!.p95_ms).toBeGreaterThanOrEqual(latency!.p50_ms);
      expect(agreement).toBeNull();
    }
    const best = (name: string): string[] =>
      students
        .get(name)!
        .classify(texts)
        .map(([top]) => top.label);
    const [a, b] = [best('test-static'), best('test-conv')];
    const expected = a.filter((label, i) => label === b[i]).length / texts.length;
    expect(body.agreement[0][1]).toBe(expected);
    expect(body.agreement.map((row, i) => row[i])).toEqual([1, 1, 1]);
  });

  it('measures agreement with a teacher that answers later', async () => {
    const { students } = await testServer();
    const teacher = slowTeacher(students.get('test-static')!, () => Promise.resolve());
    const { post } = await testServer({}, [teacher]);
    const { models } = (await (await post('/v1/compare', { input: texts, runs: 2 })).json()) as Comparison;
    const shares = models.map(({ agreement_with_teacher: share }) => share);
    expect([shares[0], shares[3]]).toEqual([1, 1]);
    expect(models[3]).toMatchObject({ id: 'teacher', name: 'A slow teacher', role: 'teacher' });
  });

  it('reports an unknown latency as null where the clock stands still', async () => {
    const { post } = await testServer({ clock: null });
    const { models } = (await (await post('/v1/compare', { input: 'a' })).json()) as Comparison;
    expect(models.map(({ latency }) => latency)).toEqual([null, null, null]);
  });

  it.each([0, 21, 2.5, 'many'])('refuses %s runs and says how many it makes', async (runs) => {
    const { post } = await testServer();
    const response = await post('/v1/compare', { input: 'a', runs });
    const message = `runs: expected a whole number from 1 to 20, got ${JSON.stringify(runs)}; leave it out for 20.`;
    expect([response.status, await response.json()]).toEqual([400, { error: { code: 'invalid_input', message } }]);
  });

  it('runs one comparison at a time: another is told to come back, and can when it is done', async () => {
    let finish = (): void => undefined;
    const running = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { students } = await testServer();
    const { post } = await testServer({}, [slowTeacher(students.get('test-static')!, () => running)]);
    const first = post('/v1/compare', { input: 'a', runs: 1 });
    await new Promise((resolve) => setTimeout(resolve, 0));
    const second = await post('/v1/compare', { input: 'a', runs: 1 });
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await second.json()).toMatchObject({ error: { code: 'comparison_running' } });
    finish();
    expect((await first).status).toBe(200);
    expect((await post('/v1/compare', { input: 'a', runs: 1 })).status).toBe(200);
  });

  it('ends when its client goes away, and the next one may come', async () => {
    const { students } = await testServer();
    const waiting = slowTeacher(students.get('test-static')!, (signal) => {
      if (signal === undefined) return Promise.resolve();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    const { app } = await testServer({}, [waiting]);
    const controller = new AbortController();
    const request = (signal: AbortSignal): Response | Promise<Response> =>
      app.request('/v1/compare', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ input: 'a', runs: 1 }),
        signal,
      });
    const answer = request(controller.signal);
    await new Promise((resolve) => setTimeout(resolve, 10));
    controller.abort();
    expect((await answer).status).toBe(499);
    const next = new AbortController();
    const another = request(next.signal);
    await new Promise((resolve) => setTimeout(resolve, 10));
    next.abort();
    expect((await another).status).toBe(499);
  });

  it('answers 500 without the reason where a model fails, and is free again', async () => {
    const { students } = await testServer();
    const failing = slowTeacher(students.get('test-static')!, () => Promise.reject(new Error('secret')));
    const told: unknown[] = [];
    const { post } = await testServer({ onError: (error) => told.push(error) }, [failing]);
    for (let i = 0; i < 2; i++) {
      const response = await post('/v1/compare', { input: 'a', runs: 1 });
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain('secret');
    }
    expect(told).toEqual([new Error('secret'), new Error('secret')]);
  });
});
