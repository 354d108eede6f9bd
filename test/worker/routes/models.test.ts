import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { ModelCard, ModelList } from '../../../src/worker/messages.ts';
import { modelCard, modelList } from '../../../src/worker/schemas.ts';
import { STUDENTS, slowTeacher, testServer } from '../../support/server.ts';

describe('GET /v1/models', () => {
  it('lists every model in the shape of OpenAI, with what Retort adds', async () => {
    const { app, files } = await testServer();
    const body = (await (await app.request('/v1/models')).json()) as ModelList;
    expect(v.parse(modelList, body)).toEqual(body);
    expect(body.data.map(({ id }) => id)).toEqual(STUDENTS);
    const [first] = body.data;
    expect(first).toMatchObject({ object: 'model', owned_by: 'retort', role: 'student', labels: ['ham', 'spam'] });
    expect(body.data.map(({ name }) => name)).toEqual(STUDENTS);
    expect([first.bytes, first.backend]).toEqual([files.get('test-static')?.length, 'simd']);
  });
});

describe('GET /v1/models/{id}', () => {
  it('describes a teacher under an id that is easy to type, with its name', async () => {
    const { students } = await testServer();
    const { app } = await testServer({}, [slowTeacher(students.get('test-static')!, () => Promise.resolve())]);
    const card = (await (await app.request('/v1/models/teacher')).json()) as ModelCard;
    expect(v.parse(modelCard, card)).toMatchObject({ id: 'teacher', name: 'A slow teacher', role: 'teacher' });
  });

  it('describes one model as the list does', async () => {
    const { app } = await testServer();
    const list = (await (await app.request('/v1/models')).json()) as ModelList;
    const one = (await (await app.request('/v1/models/test-conv')).json()) as ModelCard;
    expect(v.parse(modelCard, one)).toEqual(list.data[1]);
  });

  it('answers 404 and names the models that there are', async () => {
    const { app } = await testServer();
    const response = await app.request('/v1/models/nothing');
    expect(response.status).toBe(404);
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    expect(error.code).toBe('model_not_found');
    expect(error.message).toContain('"test-static", "test-conv", "test-topics"');
  });
});

describe('GET /v1/models/{id}/student.safetensors', () => {
  it('sends the bytes; its address in the model card may be cached for good', async () => {
    const { app, files } = await testServer();
    const { student_url: url } = (await (await app.request('/v1/models/test-conv')).json()) as ModelCard;
    const response = await app.request(url!);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(files.get('test-conv'));
    expect(response.headers.get('cache-control')).toContain('immutable');
    const plain = await app.request('/v1/models/test-conv/student.safetensors');
    expect(plain.headers.get('cache-control')).toBe('public, no-cache');
  });

  it('answers 304 to a client that has it, 200 to one that has another', async () => {
    const { app } = await testServer();
    const path = '/v1/models/test-conv/student.safetensors';
    const etag = (await app.request(path)).headers.get('etag')!;
    const status = async (tag: string): Promise<number> =>
      (await app.request(path, { headers: { 'if-none-match': tag } })).status;
    expect([await status(etag), await status(`W/${etag}`), await status('"other"')]).toEqual([304, 304, 200]);
  });

  it('answers 404 where the file is not offered, and the card says so', async () => {
    const { app } = await testServer({ studentFiles: new Map() });
    const response = await app.request('/v1/models/test-conv/student.safetensors');
    expect([response.status, await response.json()]).toEqual([
      404,
      { error: { code: 'student_file_not_offered', message: expect.any(String) } },
    ]);
    expect(((await (await app.request('/v1/models/test-conv')).json()) as ModelCard).student_url).toBeNull();
  });
});
