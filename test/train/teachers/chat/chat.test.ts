import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { labelTexts } from '../../../../src/train/labelling/label-texts.ts';
import { chat } from '../../../../src/train/teachers/chat/chat.ts';
import type { ChatConfig, ChatOptions } from '../../../../src/train/teachers/chat/chat-config.ts';
import { EndpointError } from '../../../../src/train/teachers/requests/endpoint-error.ts';
import type { ModelSpec } from '../../../../src/train/teachers/teacher.ts';
import { type ChatRequest, type Saying, sendCompletion, startChat } from '../../../support/chat-endpoint.ts';
import { type Answer, sendJson, startEndpoint } from '../../../support/endpoint.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const folder = temporaryFolder('chat');
const KEY = 'sk-do-not-tell-4711';
const TEXTS = Array.from({ length: 12 }, (_, i) => `text ${i}`);
const LABELS = ['ham', 'spam', 'eggs'];

let caches = 0;
beforeEach(() => {
  vi.stubEnv('CHAT_KEY', KEY);
});

function specOf(url: string, config: Partial<ChatConfig> = {}): ModelSpec<ChatOptions> {
  const rest = { kind: 'chat', model: 'talker', baseURL: `${url}/v1`, tokenEnv: 'CHAT_KEY', backoffMs: 1, retries: 2 };
  const options = v.parse(chat.schema, { ...rest, ...config });
  return { options, backend: 'cpu', labels: LABELS, multiLabel: false };
}

/** Labels texts into a cache of its own, and says what was noted. */
async function label(model: ModelSpec<ChatOptions>, texts: readonly string[] = TEXTS, cache = `cache-${caches++}`) {
  const notices: string[] = [];
  const hooks = { onNotice: (line: string) => void notices.push(line) };
  const run = labelTexts(texts, { model, cacheDir: join(folder, cache), workers: 1 }, hooks);
  const { outputs, error } = await run.then(
    ({ outputs }) => ({ outputs, error: null }),
    (error: EndpointError) => ({ outputs: null, error }),
  );
  return { outputs, error, notices, cache };
}

const probabilities = (logits: Float32Array): number[] => [...logits].map(Math.exp);

/** `text 7` is spam with .7. */
function sure(text: string): Saying {
  const p = Number(text.split(' ')[1]) / 20;
  return { text: 'B', tokens: { B: 0.1 + p, A: 0.8 - p, The: 0.1 } };
}

describe('a chat model that tells log-probabilities', () => {
  it('is asked once a text, with the labels by code, and its first token is renormalized, within 1e-6', async () => {
    const endpoint = await startChat(sure);
    const { outputs } = await label(specOf(endpoint.url, { descriptions: { spam: 'asks for money' } }));
    expect(endpoint.received).toHaveLength(TEXTS.length);
    for (const [i, logits] of outputs!.entries()) {
      const [ham, spam, eggs] = probabilities(logits);
      expect(ham).toBeCloseTo(0.8 - i / 20 + 0.1 / 3, 6);
      expect(spam).toBeCloseTo(0.1 + i / 20 + 0.1 / 3, 6);
      expect(eggs).toBeCloseTo(0.1 / 3, 6);
    }
    const { path, headers, body } = endpoint.received[0];
    expect(path).toBe('/v1/chat/completions');
    expect(headers.authorization).toBe(`Bearer ${KEY}`);
    const { messages, ...rest } = body as ChatRequest;
    expect(rest).toEqual({ model: 'talker', max_tokens: 1, logprobs: true, top_logprobs: 20, temperature: 1 });
    expect(messages[0].content).toContain('\nA: ham\nB: spam - asks for money\nC: eggs\n');
    expect(messages[1]).toEqual({ role: 'user', content: expect.stringMatching(/^text \d+$/) });
  });

  it('drops what names no label where it is told to', async () => {
    const { url } = await startChat(sure);
    const { outputs } = await label(specOf(url, { other: 'drop' }), ['text 4']);
    const [ham, spam, eggs] = probabilities(outputs![0]);
    expect([ham / spam, eggs]).toEqual([expect.closeTo(2, 5), expect.closeTo(1e-6, 8)]);
  });

  it('throws endpoint_wrong_answer where the endpoint tells none, and says what to set', async () => {
    const { url } = await startChat(() => ({ text: 'B' }));
    const { error } = await label(specOf(url));
    expect(error).toMatchObject({ code: 'endpoint_wrong_answer', message: /set probabilities to votes/ });
  });

  it('throws endpoint_wrong_labels after ten answers without a label, and asks no further', async () => {
    const endpoint = await startChat(() => ({ text: 'Sure', tokens: { Sure: 0.999, A: 0.001 } }));
    const texts = Array.from({ length: 50 }, (_, i) => `text ${i}`);
    const { error } = await label(specOf(endpoint.url, { concurrency: 1 }), texts);
    expect(error).toMatchObject({ code: 'endpoint_wrong_labels', message: /got 10 without any, such as "Sure"/ });
    expect(endpoint.received).toHaveLength(10);
  });

  it('says how many answers named no label where most did', async () => {
    const { url } = await startChat((text) => (text === 'text 3' ? { text: 'No', tokens: { No: 1 } } : sure(text)));
    const { outputs, notices } = await label(specOf(url));
    for (const p of probabilities(outputs![3])) expect(p).toBeCloseTo(1 / 3, 6);
    expect(notices.at(-1)).toBe('talker: 1 of 12 answers named none of the 3 labels');
  });
});

describe('a chat model that votes', () => {
  it('is asked as often as it has votes, with seeds of their own; one vote is divided among the labels', async () => {
    const answers = ['B', 'b.', 'eggs', 'no idea'];
    const endpoint = await startChat((_, { seed }) => ({ text: answers[seed!] }));
    const { outputs } = await label(specOf(endpoint.url, { probabilities: 'votes', samples: 4 }), ['text']);
    const [ham, spam, eggs] = probabilities(outputs![0]);
    const share = (votes: number): number => (votes + 1 / 3 + 1 / 3) / 5;
    expect(ham).toBeCloseTo(share(0), 6);
    expect(spam).toBeCloseTo(share(2), 6);
    expect(eggs).toBeCloseTo(share(1), 6);
    const bodies = endpoint.received.map(({ body }) => body as ChatRequest);
    expect(bodies.map(({ seed }) => seed)).toEqual([0, 1, 2, 3]);
    expect(bodies[0]).toMatchObject({ temperature: 1, max_tokens: 16 });
    expect(bodies[0]).not.toHaveProperty('logprobs');
  });

  it('throws endpoint_wrong_labels where no vote names a label', async () => {
    const { url } = await startChat(() => ({ text: 'As a language model' }));
    const { error } = await label(specOf(url, { probabilities: 'votes', samples: 2 }));
    expect(error).toMatchObject({ code: 'endpoint_wrong_labels' });
  });
});

describe('the cost of a chat model', () => {
  const pricePerMillion = { input: 1000, output: 5000 };

  it('is estimated before the first request, and counted after the last', async () => {
    const endpoint = await startChat(sure);
    const requests: number[] = [];
    const hooks = { onNotice: (): void => void requests.push(endpoint.received.length) };
    const model = specOf(endpoint.url, { pricePerMillion });
    await labelTexts(TEXTS, { model, cacheDir: join(folder, 'estimated'), workers: 1 }, hooks);
    expect(requests).toEqual([0, 12]);
    const { notices } = await label(model);
    // 160 and 6 or 7 bytes make 40 and 2 tokens, and 4 hold each message together.
    const prompt = (endpoint.received[0].body as ChatRequest).messages[0].content;
    const input = 12 * (Math.ceil(prompt.length / 4) + 2 + 8);
    const cost = Number(((input * 1000 + 12 * 5000) / 1e6).toPrecision(2));
    expect(notices[0]).toBe(
      `talker: 12 texts in 12 requests, about ${input} input and at most 12 output tokens; cost about ${cost}`,
    );
    // Both runs come out of one purse: 24 requests of 7 and 1 tokens.
    expect(notices[1]).toBe('talker: 24 requests, 168 input and 24 output tokens, cost 0.29');
  });

  it('is told as unknown without a price', async () => {
    const { url } = await startChat(sure);
    expect((await label(specOf(url), ['text 1'])).notices[0]).toContain('; cost unknown: set pricePerMillion');
  });

  it('ends a run with budget_spent at maxRequests, which keeps what was answered, and a raised limit goes on', async () => {
    const endpoint = await startChat(sure);
    const { error, cache } = await label(specOf(endpoint.url, { maxRequests: 5, concurrency: 3 }), TEXTS, 'capped');
    expect(error).toBeInstanceOf(EndpointError);
    expect(error).toMatchObject({ code: 'budget_spent', message: /within maxRequests 5, got 5 requests, 35 input/ });
    expect(endpoint.received).toHaveLength(5);
    const more = await label(specOf(endpoint.url, { maxRequests: 12 }), TEXTS, cache);
    expect(more.error).toBeNull();
    expect(endpoint.received).toHaveLength(12);
  });

  it('ends a run with budget_spent at maxCost, counted by what the endpoint says it used', async () => {
    const endpoint = await startChat(sure);
    const model = specOf(endpoint.url, { pricePerMillion, maxCost: 0.13, concurrency: 1 });
    const { error } = await label(model);
    expect(error).toMatchObject({ code: 'budget_spent', message: /within maxCost 0.13/ });
    // A request is expected to cost about .06, and then costs .012.
    expect(endpoint.received.length).toBeGreaterThan(4);
    expect(0.012 * endpoint.received.length).toBeLessThanOrEqual(0.13);
  });

  it('is not spent again for a text that is in the cache', async () => {
    const endpoint = await startChat(sure);
    const { cache, outputs } = await label(specOf(endpoint.url));
    const again = await label(specOf(endpoint.url, { maxRequests: 0 }), TEXTS, cache);
    expect(again.outputs).toEqual(outputs);
    expect(endpoint.received).toHaveLength(12);
  });
});

describe('a chat endpoint that fails', () => {
  it.each<[string, Answer, string, number]>([
    ['429', (_, r) => sendJson(r, { error: { message: 'slow' } }, 429), 'endpoint_rate_limited', 3],
    ['500', (_, r) => sendJson(r, { error: { message: 'boom' } }, 500), 'endpoint_failed', 3],
    ['401', (_, r) => sendJson(r, { error: { message: 'who?' } }, 401), 'endpoint_refused', 1],
    ['HTML', (_, r) => void r.setHeader('content-type', 'text/html').end('<p>hello</p>'), 'endpoint_not_json', 1],
    [
      'half a JSON',
      (_, r) => void r.setHeader('content-type', 'application/json').end('{"cho'),
      'endpoint_broken_json',
      3,
    ],
    ['another JSON', (_, r) => sendJson(r, { data: [] }), 'endpoint_wrong_answer', 1],
    ['a broken connection', (_, r) => void r.destroy(), 'endpoint_unreachable', 3],
  ])('throws for %s, with a code of its own', async (_, answer, code, requests) => {
    const endpoint = await startEndpoint(answer);
    const { error } = await label(specOf(endpoint.url), ['text']);
    expect(error).toBeInstanceOf(EndpointError);
    expect(error!.code).toBe(code);
    expect(endpoint.received).toHaveLength(requests);
  });

  it('throws endpoint_timeout where no answer comes, or never ends', async () => {
    const endless: Answer = (_, r) => void r.writeHead(200, { 'content-type': 'application/json' }).write('{');
    for (const answer of [() => undefined, endless]) {
      const { url } = await startEndpoint(answer);
      const { error } = await label(specOf(url, { timeoutMs: 50, retries: 0 }), ['text']);
      expect(error).toMatchObject({ code: 'endpoint_timeout' });
    }
  });

  it('is asked again after 429 and 503, as late as it says', async () => {
    const endpoint = await startEndpoint((received, response, number) => {
      if (number === 0) sendJson(response, { error: {} }, 429, { 'retry-after': '1' });
      else if (number === 1) sendJson(response, { error: {} }, 503);
      else sendCompletion(response, received, sure);
    });
    expect((await label(specOf(endpoint.url), ['text 1'])).error).toBeNull();
    const [first, second] = endpoint.received.map(({ at }) => at);
    expect(second - first).toBeGreaterThan(990);
  });
});

describe('the key of a chat model', () => {
  it('is in no file, notice, option or id', async () => {
    const { url } = await startChat(sure);
    const model = specOf(url);
    const { notices, cache } = await label(model);
    expect(JSON.stringify([notices, model, await chat.identify(model)])).not.toContain(KEY);
    const entries = await readdir(join(folder, cache), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(1);
    for (const { parentPath, name } of files) {
      expect((await readFile(join(parentPath, name))).includes(KEY)).toBe(false);
    }
  });

  it('is in no error where the endpoint sends it back', async () => {
    for (const status of [200, 401]) {
      const { url } = await startEndpoint((received, response) => {
        const { authorization } = received.headers;
        if (status === 200) response.setHeader('content-type', 'text/plain').end(authorization);
        else sendJson(response, { error: { message: `Incorrect API key provided: ${authorization}` } }, status);
      });
      const { error } = await label(specOf(url), ['text']);
      expect(error!.message).toContain('[secret]');
      const all = [error!.stack, JSON.stringify(error), String(error!.cause)].join();
      expect(all).not.toContain(KEY);
    }
  });

  it('is not sent to an endpoint that wants none', async () => {
    const endpoint = await startChat(sure);
    await label(specOf(endpoint.url, { tokenEnv: null }), ['text 1']);
    expect(endpoint.received[0].headers).not.toHaveProperty('authorization');
  });

  it('throws missing_secret where the variable is not set', async () => {
    vi.stubEnv('CHAT_KEY', '');
    await expect(chat.load(specOf('http://127.0.0.1:9'))).rejects.toMatchObject({ code: 'missing_secret' });
  });
});

describe('options of a chat model', () => {
  it.each<[string, object, string]>([
    ['a prompt without labels', { prompt: 'Classify.' }, 'Expected {labels} in it'],
    ['a key in place of its name', { tokenEnv: 'sk-abc' }, 'Expected the name of an environment variable'],
    ['a key among other fields', { extra: { api_key: 'x' } }, 'Expected no key or password here'],
    ['a limit without a price', { maxCost: 1 }, 'Expected pricePerMillion beside maxCost'],
  ])('are refused for %s', (_, config, message) => {
    const { issues } = v.safeParse(chat.schema, { kind: 'chat', model: 'm', ...config });
    expect(issues?.[0].message).toContain(message);
  });

  it('throw invalid_config for a task of several labels, and for a description of none', async () => {
    const spec = specOf('http://host');
    await expect(chat.identify({ ...spec, multiLabel: true })).rejects.toMatchObject({ code: 'invalid_config' });
    const described = specOf('http://host', { descriptions: { beans: 'green' } });
    await expect(chat.identify(described)).rejects.toThrow(
      'teacher.descriptions.beans: expected one of ham, spam, eggs',
    );
  });

  it('that change an answer change the id, and the others do not', async () => {
    const idOf = async (config: Partial<ChatConfig>) => (await chat.identify(specOf('http://host', config))).id;
    const id = await idOf({});
    for (const same of [{ maxCost: 1, pricePerMillion: { input: 1, output: 1 } }, { tokenEnv: null }, { samples: 3 }]) {
      expect(await idOf(same)).toBe(id);
    }
    const others: Partial<ChatConfig>[] = [
      { model: 'other' },
      { prompt: '{labels}?' },
      { descriptions: { ham: 'meat' } },
      { probabilities: 'votes' },
      { probabilities: 'votes', samples: 3 },
      { other: 'drop' },
      { maxCharacters: 10 },
      { extra: { reasoning_effort: 'low' } },
    ];
    const ids = await Promise.all(others.map(idOf));
    expect(new Set([id, ...ids]).size).toBe(9);
  });

  it('go into the request where they are fields of it, and a limit of tokens of its own replaces max_tokens', async () => {
    const endpoint = await startChat(sure);
    await label(specOf(endpoint.url, { extra: { max_completion_tokens: 3, user: 'me' } }), ['text 1']);
    expect(endpoint.received[0].body).toMatchObject({ max_completion_tokens: 3, user: 'me' });
    expect(endpoint.received[0].body).not.toHaveProperty('max_tokens');
  });

  it('cut a text between characters', async () => {
    const endpoint = await startChat(() => ({ text: 'A', tokens: { A: 1 } }));
    await label(specOf(endpoint.url, { maxCharacters: 3 }), ['ab😀cd']);
    expect((endpoint.received[0].body as ChatRequest).messages[1].content).toBe('ab');
  });
});
