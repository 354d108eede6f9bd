import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readStudent } from '../../../../src/runtime/node.ts';
import { labelTexts } from '../../../../src/train/labelling/label-texts.ts';
import { http } from '../../../../src/train/teachers/http/http.ts';
import type { HttpConfig, HttpOptions } from '../../../../src/train/teachers/http/http-config.ts';
import { EndpointError } from '../../../../src/train/teachers/requests/endpoint-error.ts';
import type { ModelSpec } from '../../../../src/train/teachers/teacher.ts';
import { serve } from '../../../../src/worker/node.ts';
import { type Answer, sendJson, sendScores, spamminess, startEndpoint } from '../../../support/endpoint.ts';
import { staticStudent, studentBytes } from '../../../support/students.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const folder = temporaryFolder('http');
const TEXTS = Array.from({ length: 40 }, (_, i) => 'x'.repeat(i + 1));
const KEY = 'hf_do-not-tell-4711';

function specOf(config: Omit<HttpConfig, 'kind' | 'protocol'> & Partial<HttpConfig>, more: Partial<ModelSpec> = {}) {
  const options = v.parse(http.schema, { kind: 'http', protocol: 'huggingface', backoffMs: 1, retries: 2, ...config });
  return { options, backend: 'cpu', labels: ['ham', 'spam'], multiLabel: false, ...more } as ModelSpec<HttpOptions>;
}

async function ask(answer: Answer, config: Partial<HttpConfig> = {}, texts: readonly string[] = ['some text']) {
  const endpoint = await startEndpoint(answer);
  const model = await http.load(specOf({ url: `${endpoint.url}/models/spam`, ...config }));
  const outcome = await model.run(texts).then(
    (outputs) => ({ outputs, error: null }),
    (error: unknown) => ({ outputs: null, error: error as EndpointError }),
  );
  return { ...outcome, endpoint };
}

/** The error of a model whose endpoint answers so. */
async function failure(answer: Answer, config?: Partial<HttpConfig>): Promise<EndpointError & { requests: number }> {
  const { error, endpoint } = await ask(answer, config);
  expect(error).toBeInstanceOf(EndpointError);
  expect(error!.message).toContain('127.0.0.1');
  return Object.assign(error!, { requests: endpoint.received.length });
}

describe('an endpoint in the protocol of Hugging Face', () => {
  it('is asked for every label, and gives the logarithm of each probability, within 1e-6', async () => {
    const { outputs, endpoint } = await ask((received, response) => sendScores(response, received), {}, [
      'one',
      'two!',
    ]);
    for (const [i, text] of ['one', 'two!'].entries()) {
      expect(outputs![i][0]).toBeCloseTo(Math.log(1 - spamminess(text)), 6);
      expect(outputs![i][1]).toBeCloseTo(Math.log(spamminess(text)), 6);
    }
    expect(endpoint.received.map(({ path, body }) => [path, body])).toEqual([
      ['/models/spam', { inputs: ['one', 'two!'], parameters: { top_k: 2 } }],
    ]);
  });

  it('may call the labels otherwise, leave out the outer list of one text, and give 0', async () => {
    const answer: Answer = (_, response) =>
      sendJson(response, [
        { label: 'LABEL_1', score: 1 },
        { label: 'LABEL_0', score: 0 },
      ]);
    const { outputs } = await ask(answer, { labels: { LABEL_0: 'ham', LABEL_1: 'spam' } });
    expect(outputs![0]).toEqual(Float32Array.of(Math.log(1e-6), 0));
  });

  it('gives the log-odds of each label where a text may have several', async () => {
    const endpoint = await startEndpoint((_, response) =>
      sendJson(response, [
        [
          { label: 'ham', score: 0.9 },
          { label: 'spam', score: 0.75 },
        ],
      ]),
    );
    const model = await http.load(specOf({ url: endpoint.url }, { multiLabel: true }));
    const [logits] = await model.run(['text']);
    expect(logits[0]).toBeCloseTo(Math.log(9), 6);
    expect(logits[1]).toBeCloseTo(Math.log(3), 6);
  });
});

describe('an endpoint that fails', () => {
  it('is asked again after 429, 500, 503 and a broken connection, and then answers', async () => {
    const { outputs, endpoint } = await ask(
      (received, response, number) => {
        if (number === 0) sendJson(response, { error: 'slow down' }, 429);
        else if (number === 1) response.writeHead(500).end();
        else if (number === 2) sendJson(response, { error: 'loading', estimated_time: 0.01 }, 503);
        else if (number === 3) response.destroy();
        else sendScores(response, received);
      },
      { retries: 4 },
    );
    expect(outputs).toHaveLength(1);
    expect(endpoint.received).toHaveLength(5);
  });

  it.each<[string, Answer, string, number, RegExp]>([
    [
      '429 for ever',
      (_, r) => sendJson(r, {}, 429),
      'endpoint_rate_limited',
      3,
      /status 429.*attempt 3.*run again later/,
    ],
    [
      '500 for ever',
      (_, r) => sendJson(r, { error: 'boom' }, 500),
      'endpoint_failed',
      3,
      /status 500: \{"error":"boom"\}/,
    ],
    ['401', (_, r) => sendJson(r, { error: 'no' }, 401), 'endpoint_refused', 1, /status 401/],
    ['404', (_, r) => void r.writeHead(404).end('Not Found'), 'endpoint_refused', 1, /status 404: Not Found/],
    ['a redirect', (_, r) => void r.writeHead(301, { location: '/' }).end(), 'endpoint_refused', 1, /status 301/],
    ['HTML', (_, r) => void r.end('<!doctype html><p>Log in</p>'), 'endpoint_not_json', 1, /expected JSON, got <!doc/],
    ['nothing', (_, r) => void r.end(), 'endpoint_not_json', 1, /expected JSON, got nothing/],
    ['half a JSON', (_, r) => void r.end('[[{"label": "ham", "sco'), 'endpoint_broken_json', 3, /breaks off/],
    ['a body that is cut off', cutOff, 'endpoint_unreachable', 3, /connection that failed/],
    ['no connection', (_, r) => void r.destroy(), 'endpoint_unreachable', 3, /connection that failed/],
    [
      'another shape',
      (_, r) => sendJson(r, { label: 'ham' }),
      'endpoint_wrong_answer',
      1,
      /expected Array in top level/,
    ],
    [
      'a text in place of a score',
      (_, r) => sendJson(r, [[{ label: 'ham', score: KEY }]]),
      'endpoint_wrong_answer',
      1,
      /in 0.0.score, got a string/,
    ],
    ['too few answers', (_, r) => sendJson(r, []), 'endpoint_wrong_answer', 1, /each of 1 texts, got 0/],
    [
      'other labels',
      (_, r) => sendJson(r, [scores({ ham: 0.5, eggs: 0.5 })]),
      'endpoint_wrong_labels',
      1,
      /each of ham, spam, got ham, eggs/,
    ],
    ['a label too few', (_, r) => sendJson(r, [scores({ ham: 1 })]), 'endpoint_wrong_labels', 1, /got ham;/],
    [
      'a label too many',
      (_, r) => sendJson(r, [scores({ ham: 0.5, spam: 0.5, eggs: 0 })]),
      'endpoint_wrong_labels',
      1,
      /eggs/,
    ],
    [
      'scores beyond 1',
      (_, r) => sendJson(r, [scores({ ham: 1.5, spam: -0.5 })]),
      'endpoint_wrong_answer',
      1,
      /from 0 to 1, got 1.5/,
    ],
    [
      'scores that do not add up',
      (_, r) => sendJson(r, [scores({ ham: 0.5, spam: 0.8 })]),
      'endpoint_wrong_answer',
      1,
      /got a sum of 1.3/,
    ],
  ])('throws for %s, with a code of its own', async (_, answer, code, requests, message) => {
    const error = await failure(answer);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.requests).toBe(requests);
  });

  it('throws endpoint_timeout where no answer comes, or never ends', async () => {
    const config = { timeoutMs: 30, retries: 0 };
    expect((await failure(() => undefined, config)).code).toBe('endpoint_timeout');
    const endless: Answer = (_, response) => void response.writeHead(200).write('[[');
    expect((await failure(endless, config)).message).toContain('got none within 30 ms');
  });

  it('throws endpoint_unreachable where nobody listens', async () => {
    const model = await http.load(specOf({ url: 'http://127.0.0.1:9/models/spam' }));
    await expect(model.run(['text'])).rejects.toMatchObject({ code: 'endpoint_unreachable' });
  });

  it('waits as long as Retry-After says, for all requests, and gives up where that is too long', async () => {
    const endpoint = await startEndpoint((received, response, number) =>
      number === 0 ? sendJson(response, {}, 429, { 'retry-after': '1' }) : sendScores(response, received),
    );
    const model = await http.load(specOf({ url: endpoint.url }));
    const refused = model.run(['one']);
    while (endpoint.received.length === 0) await new Promise((done) => setTimeout(done, 1));
    await new Promise((done) => setTimeout(done, 50));
    await Promise.all([refused, model.run(['two'])]);
    const [first, ...later] = endpoint.received.map(({ at }) => at);
    expect(later).toHaveLength(2);
    for (const at of later) expect(at - first).toBeGreaterThan(990);
    const error = await failure((_, response) => sendJson(response, {}, 429, { 'retry-after': '3600' }));
    expect(error).toMatchObject({ code: 'endpoint_rate_limited', requests: 1 });
    expect(error.message).toContain('it asks to wait 3600 s');
  });

  it('stops with the reason of the signal, also while it waits', async () => {
    const endpoint = await startEndpoint((_, response) => sendJson(response, {}, 429, { 'retry-after': '60' }));
    const model = await http.load(specOf({ url: endpoint.url }));
    const controller = new AbortController();
    const running = model.run(['text'], { signal: controller.signal });
    while (endpoint.received.length === 0) await new Promise((done) => setTimeout(done, 1));
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});

function cutOff(_: unknown, response: Parameters<Answer>[1]): void {
  response.writeHead(200, { 'content-length': '1000' }).write('[[{"label"');
  setTimeout(() => response.destroy(), 5);
}

function scores(byLabel: Readonly<Record<string, number>>): readonly object[] {
  return Object.entries(byLabel).map(([label, score]) => ({ label, score }));
}

describe('labelling by an endpoint', () => {
  it('asks in batches, so many at once as allowed, once for every text; the answers do not depend on either', async () => {
    const endpoint = await startEndpoint((received, response) => setTimeout(() => sendScores(response, received), 5));
    const run = async (cache: string, config: Partial<HttpConfig>) => {
      const model = specOf({ url: endpoint.url, ...config });
      return (await labelTexts([...TEXTS, ...TEXTS], { model, cacheDir: join(folder, cache), workers: 1 })).outputs;
    };
    const outputs = await run('a', { batchSize: 4, concurrency: 3 });
    expect(endpoint.received).toHaveLength(10);
    expect(endpoint.busiest()).toBe(3);
    expect(await run('a', { batchSize: 9 })).toEqual(outputs);
    expect(endpoint.received).toHaveLength(10);
    expect(await run('b', { batchSize: 40, concurrency: 1 })).toEqual(outputs);
    expect(endpoint.received).toHaveLength(11);
  });

  it('starts no more requests a minute than allowed', async () => {
    const endpoint = await startEndpoint((received, response) => sendScores(response, received));
    const model = specOf({ url: endpoint.url, batchSize: 10, requestsPerMinute: 600 });
    await labelTexts(TEXTS, { model, cacheDir: join(folder, 'paced'), workers: 1 });
    const times = endpoint.received.map(({ at }) => at);
    expect(times[3] - times[0]).toBeGreaterThan(280);
  });

  it('keeps what was answered before it failed', async () => {
    let isBroken = true;
    const endpoint = await startEndpoint((received, response, number) =>
      isBroken && number >= 3 ? sendJson(response, {}, 500) : sendScores(response, received),
    );
    const model = specOf({ url: endpoint.url, batchSize: 5, concurrency: 1, retries: 0 });
    const options = { model, cacheDir: join(folder, 'broken'), workers: 1 };
    await expect(labelTexts(TEXTS, options)).rejects.toMatchObject({ code: 'endpoint_failed' });
    isBroken = false;
    await labelTexts(TEXTS, options);
    expect(endpoint.received).toHaveLength(4 + 5);
  });

  it('gives what the student behind a server of Retort says, within 1e-5', async () => {
    const student = readStudent(await studentBytes(staticStudent()));
    const server = await serve({ predictors: [student], port: 0 });
    onTestFinished(() => server.close());
    const url = `${server.url}/v1/models/test-static/predict`;
    const model = specOf({ url, protocol: 'retort' });
    const { outputs, identity } = await labelTexts(TEXTS, { model, cacheDir: join(folder, 'retort'), workers: 1 });
    expect(identity.name).toBe(url.replace('http://', ''));
    for (const [i, scores] of student.classify(TEXTS).entries()) {
      for (const { label, score } of scores) {
        expect(Math.exp(outputs[i][['ham', 'spam'].indexOf(label)])).toBeCloseTo(score, 5);
      }
    }
  });
});

describe('keys', () => {
  it('go from the environment into headers, and nowhere else', async () => {
    vi.stubEnv('TEACHER_KEY', KEY);
    vi.stubEnv('OTHER_KEY', ` ${KEY}2 \n`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const endpoint = await startEndpoint((received, response) => sendScores(response, received));
    const config = { url: endpoint.url, tokenEnv: 'TEACHER_KEY', headersEnv: { 'X-Api-Key': 'OTHER_KEY' } };
    const model = specOf(config);
    const cacheDir = join(folder, 'secret');
    await labelTexts(TEXTS, { model, cacheDir, workers: 1 });
    const [{ headers }] = endpoint.received;
    expect(headers).toMatchObject({ authorization: `Bearer ${KEY}`, 'x-api-key': `${KEY}2` });
    expect(JSON.stringify(model) + JSON.stringify(await http.identify(model))).not.toContain(KEY);
    for (const entry of await readdir(cacheDir, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) expect((await readFile(join(entry.parentPath, entry.name))).includes(KEY)).toBe(false);
    }
  });

  it('are not in a message where the endpoint sends them back', async () => {
    vi.stubEnv('TEACHER_KEY', KEY);
    onTestFinished(() => void vi.unstubAllEnvs());
    const config = { tokenEnv: 'TEACHER_KEY', retries: 0 };
    const refused = await failure(
      (r, response) => void response.writeHead(403).end(`${r.headers.authorization}?`),
      config,
    );
    expect(refused.message).toContain('status 403: Bearer [secret]?');
    const html = await failure((r, response) => void response.end(`<p>${r.headers.authorization}`), config);
    expect(html.message).toContain('Bearer [secret]');
    const label = await failure((_, response) => sendJson(response, [scores({ [KEY]: 1 })]), config);
    expect(label.message).toContain('got [secret]');
    for (const error of [refused, html, label]) expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(KEY);
  });

  it('throw missing_secret before anything is asked where the variable is empty, or no header can hold it', async () => {
    for (const value of ['', 'two\nlines', 'é']) {
      vi.stubEnv('TEACHER_KEY', value);
      const loading = http.load(specOf({ url: 'http://127.0.0.1:9', tokenEnv: 'TEACHER_KEY' }));
      await expect(loading).rejects.toMatchObject({
        code: 'missing_secret',
        message: expect.stringMatching(/^environment variable TEACHER_KEY: expected the key of the teacher, got /),
      });
    }
    vi.unstubAllEnvs();
  });
});

describe('options', () => {
  it.each<[string, Partial<HttpConfig>]>([
    ['no http', { url: 'ftp://host/path' }],
    ['no URL', { url: 'host/path' }],
    ['a password in the URL', { url: 'https://me:secret@host/' }],
    ['a key in place of its name', { url: 'https://host/', tokenEnv: 'hf_abcdefgh' }],
    ['a header that is none', { url: 'https://host/', headersEnv: { 'a b': 'KEY' } }],
    ['no requests at once', { url: 'https://host/', concurrency: 0 }],
    ['a timer beyond what Node holds', { url: 'https://host/', timeoutMs: 2 ** 31 }],
  ])('are refused for %s', (_, config) => {
    expect(v.safeParse(http.schema, { kind: 'http', protocol: 'retort', ...config }).success).toBe(false);
  });

  it('that change an answer change the id, and the others do not', async () => {
    const idOf = async (config: Partial<HttpConfig>, more?: Partial<ModelSpec>) =>
      (await http.identify(specOf({ url: 'https://host/a', ...config }, more))).id;
    const id = await idOf({});
    for (const same of [{ batchSize: 3 }, { concurrency: 9 }, { timeoutMs: 5 }, { tokenEnv: 'KEY' }]) {
      expect(await idOf(same)).toBe(id);
    }
    const others = [
      await idOf({ url: 'https://host/b' }),
      await idOf({ protocol: 'retort' }),
      await idOf({ version: '2' }),
      await idOf({ labels: { LABEL_0: 'ham' } }),
      await idOf({}, { labels: ['spam', 'ham'] }),
      await idOf({}, { multiLabel: true }),
    ];
    expect(new Set([id, ...others]).size).toBe(7);
  });

  it('throw invalid_config where a label is mapped to none of the task', async () => {
    const spec = specOf({ url: 'https://host/a', labels: { LABEL_0: 'eggs' } });
    await expect(http.identify(spec)).rejects.toMatchObject({
      code: 'invalid_config',
      message: 'config, teacher.labels.LABEL_0: expected one of ham, spam, got eggs',
    });
  });
});
