/** Loading a student over a network that behaves, and over one that does not: real sockets, in Node. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/format/index.ts';
import { type LoadProgress, loadStudent } from '../../src/runtime/node.ts';
import { staticStudent, studentBytes } from '../support/students.ts';

let bytes: Uint8Array;
let origin: string;

const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/whole': (response) => response.setHeader('content-length', bytes.length).end(bytes),
  '/missing': (response) => response.writeHead(404).end(),
  '/refused': (response) => response.destroy(),
  '/broken': (response) => {
    response.setHeader('content-length', bytes.length);
    response.write(bytes.subarray(0, 100), () => response.destroy());
  },
  '/endless': (response) => response.write(bytes.subarray(0, 100)),
};

const server = createServer(({ url }, response) => answers[url ?? ''](response));

beforeAll(async () => {
  bytes = await studentBytes(staticStudent());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('loadStudent over HTTP', () => {
  it('loads a student and tells how far it is', async () => {
    const progress: LoadProgress[] = [];
    const student = await loadStudent(`${origin}/whole`, { onProgress: (news) => progress.push(news) });
    expect(student.info.bytes).toBe(bytes.length);
    expect(progress.at(-1)).toEqual({ loaded: bytes.length, total: bytes.length });
  });

  it.each([
    ['/missing', 'got HTTP status 404; check the address'],
    ['/refused', 'got no whole answer ('],
    ['/broken', 'got no whole answer ('],
  ])('throws fetch_failed that names the address for %s', async (path, got) => {
    const error = await loadStudent(origin + path).catch((reason) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect(error.code).toBe('fetch_failed');
    expect(error.message).toContain(`${origin}${path}: expected a student file, ${got}`);
    if (path !== '/missing') expect(error.cause).toBeInstanceOf(TypeError);
  });

  it('throws fetch_failed where nothing listens', async () => {
    await expect(loadStudent('http://127.0.0.1:1/student.safetensors')).rejects.toMatchObject({
      name: 'InputError',
      code: 'fetch_failed',
      cause: { cause: expect.anything() },
    });
  });

  it('throws what onProgress threw as it is', async () => {
    const onProgress = (): void => {
      throw new TypeError('mine');
    };
    await expect(loadStudent(`${origin}/whole`, { onProgress })).rejects.toThrow(new TypeError('mine'));
  });

  it('throws an AbortError, or the reason that the signal has, where it is aborted', async () => {
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    await expect(loadStudent(`${origin}/endless`, { onProgress, signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    const reason = new TypeError('enough');
    for (const source of [`${origin}/whole`, 'no/such/file.safetensors', bytes]) {
      await expect(loadStudent(source, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    }
  });
});
