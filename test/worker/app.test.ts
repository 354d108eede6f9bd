import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { readStudent } from '../../src/runtime/node.ts';
import { createApp, type ErrorBody } from '../../src/worker/index.ts';
import { errorBody, health } from '../../src/worker/schemas.ts';
import { testServer } from '../support/server.ts';
import { imageStudent, pairStudent, studentBytes, tagStudent } from '../support/students.ts';

const predict = '/v1/models/test-static/predict';
const json = { 'content-type': 'application/json' };

async function refusal(response: Response): Promise<readonly [status: number, code: string, message: string]> {
  const body = (await response.json()) as ErrorBody;
  expect(v.parse(errorBody, body)).toEqual(body);
  return [response.status, body.error.code, body.error.message];
}

describe('bad requests', () => {
  it.each([
    ['text that is no JSON', '{"input": ', 400, 'invalid_json', /expected JSON/],
    ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 400, 'invalid_json', /UTF-8/],
    ['no body', '', 400, 'invalid_json', /expected JSON/],
    [
      '10,000 texts',
      JSON.stringify({ input: Array(10_000).fill('a') }),
      413,
      'too_many_texts',
      /at most 128 texts, got 10000/,
    ],
    [
      'a million and one characters',
      JSON.stringify({ input: 'x'.repeat(1_048_577) }),
      413,
      'too_many_characters',
      /1048576/,
    ],
    [
      'three megabytes',
      JSON.stringify({ input: 'x'.repeat(3_000_000) }),
      413,
      'body_too_large',
      /at most 2097152 bytes/,
    ],
  ])('%s is refused', async (_, body, status, code, message) => {
    const { app } = await testServer();
    const [gotStatus, gotCode, gotMessage] = await refusal(
      await app.request(predict, { method: 'POST', headers: json, body }),
    );
    expect([gotStatus, gotCode]).toEqual([status, code]);
    expect(gotMessage).toMatch(message);
  });

  const fix = 'send {"input": "a text"}';
  const count = 'expected a whole number, 1 or more';
  const all = 'leave it out for all labels';
  it.each([
    ['a number', '7', `Body: expected an object, got 7; ${fix}.`],
    ['a list', '[]', `input: expected this field, got an empty list; ${fix}.`],
    ['no input', '{}', `input: expected this field, got none; ${fix}.`],
    ['a misspelt input', '{"inputs": "a"}', `input: expected this field, got "inputs"; ${fix}.`],
    [
      'many others in place of input',
      '{"a": 1, "top_k": 1, "b": 1, "c": 1, "d": 1}',
      `input: expected this field, got "a", "b", "c"; ${fix}.`,
    ],
    [
      'a misspelt field',
      '{"input": "a", "topk": 1}',
      'topk: expected "input" or "top_k", got "topk"; rename or remove it.',
    ],
    ['no texts', '{"input": []}', `input: expected at least one text, got an empty list; ${fix}.`],
    ['a number for a text', '{"input": 42}', `input: expected a text or a list of texts, got 42; ${fix}.`],
    ['a number among texts', '{"input": ["a", 7]}', 'input[1]: expected a text, got 7; send strings only.'],
    ['a list among texts', '{"input": [["a"]]}', 'input[0]: expected a text, got a list; send strings only.'],
    ['no labels', '{"input": "a", "top_k": 0}', `top_k: ${count}, got 0; ${all}.`],
    ['half a label', '{"input": "a", "top_k": 1.5}', `top_k: ${count}, got 1.5; ${all}.`],
    ['no number', '{"input": "a", "top_k": null}', `top_k: ${count}, got null; ${all}.`],
    ['an object', '{"input": "a", "top_k": {"a": 1}}', `top_k: ${count}, got an object; ${all}.`],
    [
      'a long text for a number',
      JSON.stringify({ input: 'a', top_k: 'x'.repeat(100) }),
      `top_k: ${count}, got "${'x'.repeat(40)}…"; ${all}.`,
    ],
  ])('%s is refused, with what was expected, what came and what to do', async (_, body, message) => {
    const { app } = await testServer();
    const response = await app.request(predict, { method: 'POST', headers: json, body });
    expect(await refusal(response)).toEqual([400, 'invalid_input', message]);
  });

  it('a body of another media type, or compressed, is refused', async () => {
    const { app } = await testServer();
    const send = (headers: Record<string, string>): Response | Promise<Response> =>
      app.request(predict, { method: 'POST', headers, body: '{"input":"a"}' });
    expect((await refusal(await send({ 'content-type': 'text/plain' }))).slice(0, 2)).toEqual([
      415,
      'unsupported_media_type',
    ]);
    expect((await refusal(await send({ ...json, 'content-encoding': 'gzip' }))).slice(0, 2)).toEqual([
      415,
      'unsupported_encoding',
    ]);
  });

  it('a body that grows too large on its way is refused, though it did not say its length', async () => {
    const { app } = await testServer({ limits: { maxBodyBytes: 1000 } });
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 400;
        controller.enqueue(new Uint8Array(400).fill(0x20));
      },
    });
    const init = { method: 'POST', headers: json, body, duplex: 'half' } as RequestInit;
    expect((await refusal(await app.request(predict, init)))[1]).toBe('body_too_large');
    expect(sent).toBeLessThan(5000);
  });

  it('an unknown model, route or method is refused; the answer says what there is', async () => {
    const { app, post } = await testServer();
    expect((await refusal(await post('/v1/models/none/predict', { input: 'a' }))).slice(0, 2)).toEqual([
      404,
      'model_not_found',
    ]);
    expect((await refusal(await app.request('/v2')))[2]).toContain('/openapi.json');
    const response = await app.request(predict);
    expect(response.headers.get('allow')).toBe('POST');
    expect((await refusal(response)).slice(0, 2)).toEqual([405, 'method_not_allowed']);
  });

  it('any JSON body gets 200, or 4xx in the shape of an error; never 500', async () => {
    const { post } = await testServer();
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record({
        input: fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'binary' })), fc.jsonValue()),
      }),
      fc.record({ input: fc.string(), top_k: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()) }),
    );
    const path = fc.constantFrom(predict, '/v1/models/test-conv/predict', '/v1/models/test-topics/predict');
    const property = fc.asyncProperty(path, body, async (to, value) => {
      const response = await post(to, value);
      if (response.status === 200) return;
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      await refusal(response);
    });
    await fc.assert(property, { seed: 11, numRuns: 1000 });
  });

  it('a lone surrogate in a text is read as U+FFFD', async () => {
    const { app, students } = await testServer();
    const body = '{"input": "you \\ud800 won"}';
    const response = await app.request(predict, { method: 'POST', headers: json, body });
    const { data } = (await response.json()) as { data: { labels: unknown }[] };
    expect(data[0].labels).toEqual(students.get('test-static')!.classify('you \ufffd won'));
  });
});

describe('every answer', () => {
  it('carries a request id: that of the client, or a new one', async () => {
    const { app } = await testServer();
    const own = await app.request('/health', { headers: { 'x-request-id': 'mine-1' } });
    expect(own.headers.get('x-request-id')).toBe('mine-1');
    const fresh = (await app.request('/v2')).headers.get('x-request-id');
    expect(fresh).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('allows no other origin unless it is told to', async () => {
    const { app } = await testServer();
    const response = await app.request('/v1/models', { headers: { origin: 'https://example.com' } });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('allows the origins that it is told, preflights too, and no others', async () => {
    const { app } = await testServer({ corsOrigins: ['https://example.com'] });
    const ask = (origin: string, method = 'GET'): Response | Promise<Response> =>
      app.request(predict, { method, headers: { origin, 'access-control-request-method': 'POST' } });
    const allowed = async (response: Response | Promise<Response>): Promise<string | null> =>
      (await response).headers.get('access-control-allow-origin');
    expect(await allowed(ask('https://example.com', 'OPTIONS'))).toBe('https://example.com');
    expect(await allowed(ask('https://example.com'))).toBe('https://example.com');
    expect(await allowed(ask('https://other.example'))).toBeNull();
    const { app: open } = await testServer({ corsOrigins: '*' });
    expect(await allowed(open.request('/health', { headers: { origin: 'https://other.example' } }))).toBe('*');
  });
});

describe('GET /health and GET /', () => {
  it('says that it is live and ready', async () => {
    const { app } = await testServer();
    expect(v.parse(health, await (await app.request('/health')).json())).toEqual({ live: true, ready: true });
  });

  it('sends a page that may load nothing from elsewhere, or none', async () => {
    const { app } = await testServer();
    const response = await app.request('/');
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).toContain('<h1>Retort</h1>');
    const { app: bare } = await testServer({ page: false });
    expect((await bare.request('/')).status).toBe(404);
  });
});

describe('createApp', () => {
  it('refuses a student that does not classify, naming its task', async () => {
    const predictors = [readStudent(await studentBytes(tagStudent()))];
    expect(() => createApp({ predictors })).toThrow(
      /expected models that classify, got test-conv, made for the task tag/,
    );
  });

  it.each([
    ['pair', pairStudent()],
    ['image', imageStudent()],
  ])('refuses a student that reads a %s, and says so', async (reads, file) => {
    const predictors = [readStudent(await studentBytes(file))];
    expect(() => createApp({ predictors })).toThrow(`, which reads ${reads}; that is not served yet, leave it out.`);
  });

  it('refuses no predictors, what is none, two of one name, a file of nobody, a limit that is none', async () => {
    const { students } = await testServer();
    const student = students.get('test-static')!;
    expect(() => createApp({ predictors: [] })).toThrow(/at least one/);
    expect(() => createApp({ predictors: [student, 'student.safetensors' as never] })).toThrow(
      'predictors: expected loaded students and teachers, got string at 1; load it first.',
    );
    expect(() => createApp({ predictors: [student, student] })).toThrow(/unique names/);
    const studentFiles = new Map([['other', new Uint8Array(1)]]);
    expect(() => createApp({ predictors: [student], studentFiles })).toThrow(
      /expected ids of predictors .*got "other"/,
    );
    expect(() => createApp({ predictors: [student], limits: { maxTexts: 0 } })).toThrow(
      /maxTexts: expected a positive/,
    );
  });
});
