import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { BusyError } from '../../../src/format/index.ts';
import type { PredictResponse } from '../../../src/worker/messages.ts';
import { predictResponse } from '../../../src/worker/schemas.ts';
import { slowTeacher, testServer } from '../../support/server.ts';

const path = '/v1/models/test-static/predict';

describe('POST /v1/models/{id}/predict', () => {
  it('gives one text the scores of the student itself, every label, best first', async () => {
    const { post, students } = await testServer();
    const response = await post(path, { input: 'you won a prize' });
    expect(response.status).toBe(200);
    const body = (await response.json()) as PredictResponse;
    expect(v.parse(predictResponse, body)).toEqual(body);
    const [prediction] = students.get('test-static')!.predict(['you won a prize']);
    expect(body).toEqual({ object: 'list', model: 'test-static', data: [{ index: 0, ...prediction }] });
  });

  it('answers several texts in order', async () => {
    const { post, students } = await testServer();
    const texts = ['a', '', 'you won', 'meet at noon'];
    const { data } = (await (await post(path, { input: texts })).json()) as PredictResponse;
    const expected = students.get('test-static')!.predict(texts);
    expect(data).toEqual(expected.map((prediction, index) => ({ index, ...prediction })));
  });

  it('gives top_k labels, and all where there are fewer', async () => {
    const { post } = await testServer();
    const count = async (topK: number): Promise<number> => {
      const response = await post(path, { input: 'a', top_k: topK });
      return ((await response.json()) as PredictResponse).data[0].labels.length;
    };
    expect([await count(1), await count(2), await count(9)]).toEqual([1, 2, 2]);
  });

  it('gives labels that do not add up to 1 where several may hold', async () => {
    const { post, students } = await testServer();
    const response = await post('/v1/models/test-topics/predict', { input: 'a sunny day' });
    const { data } = (await response.json()) as PredictResponse;
    expect(data[0].labels).toEqual(students.get('test-topics')!.classify('a sunny day'));
    expect(data[0].labels.reduce((sum, { score }) => sum + score, 0)).not.toBeCloseTo(1, 3);
  });

  it('says where a text was cut', async () => {
    const { post } = await testServer();
    const { data } = (await (await post(path, { input: ['x'.repeat(201), 'x'] })).json()) as PredictResponse;
    expect(data.map(({ truncated }) => truncated)).toEqual([true, false]);
  });

  it('answers 503 where the model has too many requests waiting, and says when to come back', async () => {
    const { students } = await testServer();
    const busy = slowTeacher(students.get('test-static')!, () =>
      Promise.reject(new BusyError('teacher: expected less')),
    );
    const { post } = await testServer({}, [busy]);
    for (const to of ['/v1/models/teacher/predict', '/v1/compare']) {
      const response = await post(to, { input: 'a' });
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await response.json()).toEqual({ error: { code: 'busy', message: 'teacher: expected less' } });
    }
  });
});
