import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { PredictResponse } from '../../src/worker/index.ts';
import type { RunningServer } from '../../src/worker/node.ts';
import { serve } from '../../src/worker/node.ts';
import { slowTeacher, testServer } from '../support/server.ts';

let server: RunningServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const predict = (url: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${url}/v1/models/test-static/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ input: 'you won a prize' }),
    ...init,
  });

describe('serve', () => {
  it('answers over a socket with the scores of the student', async () => {
    const { students } = await testServer();
    server = await serve({ predictors: [...students.values()], port: 0 });
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { data } = (await (await predict(server.url)).json()) as PredictResponse;
    expect(data[0].labels).toEqual(students.get('test-static')!.classify('you won a prize'));
  });

  it('refuses a chunked body that is too large before it has all of it', async () => {
    const { students } = await testServer();
    server = await serve({ predictors: [...students.values()], port: 0, limits: { maxBodyBytes: 10_000 } });
    const { hostname, port } = new URL(server.url);
    const status = await new Promise<number>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
      const path = '/v1/models/test-static/predict';
      const sending = request({ hostname, port, path, method: 'POST', headers }, (response) => {
        clearInterval(timer);
        response.resume();
        resolve(response.statusCode!);
      });
      sending.on('error', reject);
      const timer = setInterval(() => sending.write(Buffer.alloc(4096, 0x20)), 1);
    });
    expect(status).toBe(413);
  });

  it('tells a predictor when its client goes away', async () => {
    const { students } = await testServer();
    let told = (_: unknown): void => undefined;
    const aborted = new Promise((resolve) => {
      told = resolve;
    });
    let asked = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const teacher = slowTeacher(students.get('test-static')!, (signal) => {
      asked();
      return new Promise((_, reject) => {
        signal!.addEventListener('abort', () => {
          told(signal!.aborted);
          reject(signal!.reason);
        });
      });
    });
    server = await serve({ predictors: [teacher], port: 0 });
    const controller = new AbortController();
    const url = `${server.url}/v1/models/teacher/predict`;
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"input":"a"}' };
    const answer = fetch(url, { ...init, signal: controller.signal });
    await started;
    controller.abort();
    await expect(answer).rejects.toThrow();
    expect(await aborted).toBe(true);
  });

  it('answers nonsense on the socket with 400 and goes on', async () => {
    const { students } = await testServer();
    server = await serve({ predictors: [...students.values()], port: 0 });
    const { port } = new URL(server.url);
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
      socket.on('data', (data) => resolve(data.toString()));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400/);
    expect((await predict(server.url)).status).toBe(200);
  });

  it('throws an InputError that names a port that is in use', async () => {
    const { students } = await testServer();
    const predictors = [...students.values()];
    server = await serve({ predictors, port: 0 });
    const port = Number(new URL(server.url).port);
    await expect(serve({ predictors, port })).rejects.toThrow(new RegExp(`port ${port}.*in use`));
  });

  it('finishes what it is answering when it is closed, and then takes no more', async () => {
    const { students } = await testServer();
    let finish = (): void => undefined;
    let asked = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const teacher = slowTeacher(students.get('test-static')!, () => {
      asked();
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    const closing = await serve({ predictors: [teacher], port: 0 });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"input":"a"}' };
    const answer = fetch(`${closing.url}/v1/models/teacher/predict`, init);
    await started;
    const closed = closing.close();
    finish();
    expect((await answer).status).toBe(200);
    await closed;
    await expect(fetch(`${closing.url}/health`)).rejects.toThrow();
  });
});
