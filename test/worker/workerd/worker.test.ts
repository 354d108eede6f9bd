/** The Worker of examples/worker, as `wrangler deploy` ships it, asked as a client asks it. */
import { SELF } from 'cloudflare:test';
import { describe, expect, inject, it } from 'vitest';
import file from '../../../examples/worker/student.safetensors';
import { TEXTS } from '../../support/texts.ts';

const ORIGIN = 'https://retort.example';
const predictions = inject('nodePredictions');
const digest = inject('studentDigest');

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return SELF.fetch(`${ORIGIN}${path}`, { headers });
}

function post(path: string, body: unknown): Promise<Response> {
  return SELF.fetch(`${ORIGIN}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function onlyModel(): Promise<Record<string, unknown>> {
  const { data } = (await (await get('/v1/models')).json()) as { data: Record<string, unknown>[] };
  expect(data).toHaveLength(1);
  return data[0];
}

describe('the example Worker answers', () => {
  it('the list of models', async () => {
    const { id, ...card } = await onlyModel();
    expect(card).toMatchObject({
      object: 'model',
      role: 'student',
      task: 'classify',
      backend: 'relaxed-simd',
      bytes: file.byteLength,
      student_url: `/v1/models/${id}/student.safetensors?v=${digest.slice(0, 16)}`,
    });
    expect(await (await get(`/v1/models/${id}`)).json()).toEqual({ id, ...card });
  });

  it('predictions with the same scores as in Node', async () => {
    const { id } = await onlyModel();
    const response = await post(`/v1/models/${id}/predict`, { input: TEXTS });
    expect(response.status).toBe(200);
    const data = predictions.map((prediction, index) => ({ index, ...prediction }));
    // Half a character does not survive UTF-8: it reaches the Worker as JSON's escape.
    expect(await response.json()).toEqual({ object: 'list', model: id, data });
  });

  it('comparisons, without latencies, because the clock stands still', async () => {
    const { id } = await onlyModel();
    const response = await post('/v1/compare', { input: TEXTS[1], runs: 3 });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      object: 'comparison',
      models: [
        {
          id,
          name: id,
          role: 'student',
          backend: 'relaxed-simd',
          bytes: file.byteLength,
          data: [{ index: 0, ...predictions[1] }],
          agreement_with_teacher: null,
          latency: null,
        },
      ],
      agreement: [[1]],
    });
  });

  it('its health', async () => {
    expect(await (await get('/health')).json()).toEqual({ live: true, ready: true });
  });

  it('its description, with every route', async () => {
    const document = (await (await get('/openapi.json')).json()) as { openapi: string; paths: Record<string, unknown> };
    expect(document.openapi).toMatch(/^3\./);
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/', '/v1/models', '/v1/models/{id}/predict', '/v1/compare', '/health']),
    );
  });

  it('the page, under a policy that lets it run its own script only', async () => {
    const response = await get('/');
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('content-security-policy')).toMatch(/script-src 'sha256-[\w+/=]+' 'wasm-unsafe-eval';/);
    expect(await response.text()).toContain('<title>Retort');
  });

  it('the student itself, byte for byte, cached for good under its own address', async () => {
    const { student_url: url } = await onlyModel();
    const response = await get(String(url));
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('etag')).toBe(`"${digest}"`);
    const bytes = await response.arrayBuffer();
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    expect(Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')).toBe(digest);

    const again = await get(String(url), { 'If-None-Match': `"${digest}"` });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });
});

describe('the example Worker refuses', () => {
  it.each([
    ['a model that is not there', '/v1/models/nobody/predict', { input: 'a' }, 404, 'model_not_found'],
    ['a body that is not JSON', '/v1/compare', '{"input":', 400, 'invalid_json'],
    ['a field that is misspelt', '/v1/compare', { inputs: 'a' }, 400, 'invalid_input'],
    ['too many texts', '/v1/compare', { input: Array(129).fill('a') }, 413, 'too_many_texts'],
    ['too long a text', '/v1/compare', { input: 'a'.repeat(1_048_577) }, 413, 'too_many_characters'],
    ['too large a body', '/v1/compare', { input: 'a'.repeat(2_097_152) }, 413, 'body_too_large'],
    ['a route that is not there', '/v2', {}, 404, 'not_found'],
    ['a method that is not there', '/health', {}, 405, 'method_not_allowed'],
  ])('%s', async (_what, path, body, status, code) => {
    const response = await post(path, body);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.json()).toEqual({ error: { code, message: expect.stringMatching(/\.$/) } });
  });
});
